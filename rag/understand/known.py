"""What an index holds that the understanding of questions may lean on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from index.store.snapshot import IndexSnapshot
from index.words.regions import Gazetteer, other_names


@dataclass(frozen=True)
class Known:
    """What the index holds and understanding may lean on.

    ``regions`` are the places whose documents are held, ``inner`` the places that figures in them speak of with the
    places in whose documents they do, ``called`` other names of places that the gazetteer does not know, ``tellers``
    the places whose documents review, plan or were given in each year.
    """

    regions: frozenset[str]
    inner: Mapping[str, frozenset[str]] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    tellers: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: IndexSnapshot, gazetteer: Gazetteer) -> Known:
        """What a snapshot holds."""
        inner = {n: p for n, p in snapshot.spoken_for.items() if n not in snapshot.regions}
        called: dict[str, str] = {}
        shared: set[str] = set()
        for name in (*snapshot.regions, *inner):
            if gazetteer.get(name) is None:
                for other in other_names(name):
                    if not gazetteer.candidates(other) and called.setdefault(other, name) != name:
                        shared.add(other)
        for other in shared:
            # A place that a report speaks of may share the name of one whose reports are held, which is the likelier.
            held = [n for n in snapshot.regions if other in other_names(n)]
            if len(held) == 1:
                called[other] = held[0]
            else:
                del called[other]
        tellers: dict[int, set[str]] = {}
        for document in snapshot.documents:
            told = [p for p in (document.review, document.plan) if p is not None]
            years = {y for p in told for y in range(p.first_year, p.last_year + 1)}
            for year in years | ({document.given.year} if document.given else set()):
                tellers.setdefault(year, set()).add(document.region or "")
        return cls(frozenset(snapshot.regions), inner, called, {y: frozenset(r) for y, r in tellers.items()})

    def only_teller(self, years: Iterable[int]) -> str | None:
        """The one place whose documents speak of years; None where there are none or several."""
        places = [self.tellers.get(year, frozenset()) for year in years]
        told = frozenset[str]().union(*places)
        return next(iter(told)) or None if len(told) == 1 and all(places) else None

    @cached_property
    def romanised(self) -> Mapping[str, str]:
        """Held places that the gazetteer does not know by their names in Latin letters: linlan for 临澜区."""
        if not self.called:
            return {}
        from pypinyin import lazy_pinyin  # 0.2 s that only a question in English need wait for

        return {"".join(lazy_pinyin(short)): name for short, name in self.called.items() if len(short) > 1}

    @cached_property
    def whole(self) -> frozenset[str]:
        """The places by their whole names."""
        return self.regions | self.inner.keys()

    @cached_property
    def names(self) -> frozenset[str]:
        """Everything that may be read as the name of a place."""
        return self.whole | self.called.keys()
