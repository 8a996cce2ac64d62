"""What was read of reports, in a database: as the program keeps it, for machines that read more, and as rows, for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from index.store.engines.connection import Connection, Row
from index.store.kept import KeptReadings
from index.types import Corpus, Fact, Period, Source

_NO_SOURCE = Source("", "", "", "")
"""What was read is asked for by its key here; which file it is of, its documents say."""

DOCUMENTS = "documents (reading, n, id, source, sha256, title, kind, region, parent, issuer, given, review, plan)"
DOCUMENT_TYPES = ("int8", "int4", "text", "text", "bytea", *["text"] * 5, "date", "text", "text")

FACTS = (
    "facts (reading, n, document, thing, indicator, region, period, first_month, last_month, status, measure, value,"
    " unit, approx, base, quote, start, stop)"
)
FACT_TYPES = (
    "int8", "int4", "int4", "text", "text", "text", "text", "int4", "int4", "text", "text", "numeric",
    "text", "text", "text", "text", "int4", "int4",
)  # fmt: skip


def put_readings(
    connection: Connection, kept: KeptReadings, sources: Mapping[str, Source], collection: str, version: str
) -> None:
    """Have the database hold all that is kept, and a version be of it. Inside a transaction, and ``alone``."""
    here, there = kept.sums(), _sums(connection, list(kept.sums()))
    changed = [key for key, parts in here.items() if key in there and there[key].get("rows") != parts["rows"]]
    # Made anew, after something was wrong with it: the same key with other rows.
    connection.do("DELETE FROM documents d USING readings r WHERE r.id = d.reading AND r.key = ANY(%s)", changed)
    new = [*(key for key in here if key not in there), *changed]
    connection.do_each("INSERT INTO readings (key) VALUES (%s) ON CONFLICT DO NOTHING", ((key,) for key in new))
    ids: dict[str, int] = dict(connection.rows("SELECT key, id FROM readings WHERE key = ANY(%s)", list(here)))
    connection.do_each(
        "INSERT INTO reading_parts VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (reading, part) DO UPDATE SET sum = excluded.sum, body = excluded.body",
        (
            (ids[key], part, total, kept.part(key, part))
            for key, parts in here.items()
            for part, total in parts.items()
            if there.get(key, {}).get(part) != total
        ),
    )
    put_rows(connection, lambda: ((ids[key], _corpus(kept, key)) for key in new), sources)
    connection.do("DELETE FROM version_readings WHERE collection = %s AND version = %s", collection, version)
    connection.copy(
        "version_readings (collection, version, reading)",
        ("text", "text", "int8"),
        ((collection, version, ids[key]) for key in here),
    )


def put_rows(
    connection: Connection, read: Callable[[], Iterable[tuple[int, Corpus]]], sources: Mapping[str, Source]
) -> None:
    """Put in the documents and figures of readings, each given with its number; ``read`` is called twice."""
    connection.copy(
        DOCUMENTS, DOCUMENT_TYPES, (row for number, corpus in read() for row in document_rows(number, corpus))
    )
    connection.copy(FACTS, FACT_TYPES, (row for number, corpus in read() for row in fact_rows(number, corpus, sources)))
    connection.do(
        "INSERT INTO names SELECT DISTINCT thing FROM facts WHERE reading = ANY(%s) ON CONFLICT DO NOTHING",
        [number for number, _ in read()],
    )


def _corpus(kept: KeptReadings, key: str) -> Corpus:
    corpus = kept.corpus(key, _NO_SOURCE)
    assert corpus is not None, key
    return corpus


def document_rows(reading: int, corpus: Corpus) -> Iterator[Row]:
    """The rows of the documents of a reading."""
    for n, d in enumerate(corpus.documents):
        told = (d.region, d.parent, d.issuer, d.given, _period(d.review), _period(d.plan))
        yield reading, n, d.id, _plain(d.source), bytes.fromhex(d.sha256), _plain(d.title), d.kind.value, *told


def fact_rows(reading: int, corpus: Corpus, sources: Mapping[str, Source]) -> Iterator[Row]:
    """The rows of the figures of a reading; ``sources`` has the files that they are quoted from."""
    numbers = {d.id: n for n, d in enumerate(corpus.documents)}
    for n, fact in enumerate(corpus.facts):
        document = numbers[fact.document_id]
        quote = fact.span.of(sources[corpus.documents[document].source].text)
        yield reading, n, document, *_of_fact(fact), _plain(quote), fact.span.start, fact.span.end


def _of_fact(fact: Fact) -> Row:
    period = fact.period
    return (
        _plain(fact.canonical or fact.indicator),
        _plain(fact.indicator),
        fact.region,
        _period(period),
        period.first if period is not None else None,
        period.last if period is not None else None,
        fact.status.value,
        fact.measure.value,
        fact.value,
        _plain(fact.unit),
        _plain(fact.approx),
        _plain(fact.base),
    )


def _period(period: Period | None) -> str | None:
    return None if period is None else str(period)


def _plain(text: str) -> str:
    """A text as the database takes it: it has no character 0."""
    return text.replace("\0", "\ufffd")


def get_readings(connection: Connection, kept: KeptReadings, collection: str, version: str) -> None:
    """Have here what is kept of a version there. Inside a transaction."""
    here = kept.sums()
    there = connection.rows(
        "SELECT r.key, r.id, p.part FROM version_readings v JOIN readings r ON r.id = v.reading"
        " JOIN reading_parts p ON p.reading = r.id WHERE v.collection = %s AND v.version = %s",
        collection, version,
    )  # fmt: skip
    keys = {number: key for key, number, _ in there}
    lacking = {(number, part) for key, number, part in there if part not in here.get(key, {})}
    numbers = sorted({number for number, _ in lacking})
    # A reading's rows come before its other parts.
    parts = connection.stream(
        "SELECT reading, part, body FROM reading_parts WHERE reading = ANY(%s) ORDER BY reading, part <> 'rows', part",
        numbers,
    )
    for number, part, body in parts:
        if (number, part) in lacking:
            kept.put_part(keys[number], part, body)


def forget_readings(connection: Connection) -> None:
    """Forget what no version has any more. Inside a transaction, and ``alone``."""
    gone = [
        number
        for (number,) in connection.rows(
            "SELECT id FROM readings r WHERE NOT EXISTS (SELECT FROM version_readings v WHERE v.reading = r.id)"
        )
    ]
    things = [
        name for (name,) in connection.rows("SELECT DISTINCT thing FROM facts WHERE reading = ANY(%s)", gone)
    ]  # fmt: skip
    connection.do("DELETE FROM readings WHERE id = ANY(%s)", gone)
    connection.do(
        "DELETE FROM names n WHERE n.name = ANY(%s) AND NOT EXISTS (SELECT FROM facts f WHERE f.thing = n.name)", things
    )


def facts_of(connection: Connection, collection: str, version: str) -> int:
    """How many rows of figures a version has."""
    ((many,),) = connection.rows(
        "SELECT count(*) FROM version_readings v JOIN facts f ON f.reading = v.reading WHERE v.collection = %s AND v.version = %s",
        collection, version,
    )  # fmt: skip
    return int(many)


def _sums(connection: Connection, keys: list[str]) -> dict[str, dict[str, bytes]]:
    told: dict[str, dict[str, bytes]] = {}
    rows = connection.rows(
        "SELECT r.key, p.part, p.sum FROM readings r JOIN reading_parts p ON p.reading = r.id WHERE r.key = ANY(%s)",
        keys,
    )
    for key, part, total in rows:
        told.setdefault(key, {})[part] = total
    return told
