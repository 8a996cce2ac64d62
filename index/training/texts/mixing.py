"""What the model is trained on: groups of pairs, one group to a batch, so that negatives come from the same source.

A *pair group* holds texts that mean the same or answer each other. A *cloze group* holds passages; its pairs are
drawn anew each time: a run of tokens of the passage, sometimes dressed as a question, against the passage. It
teaches what no translation pair does: that a rare word shared is strong evidence.

Held-out rows (``dev``) are chosen by a hash of their text, never trained on, and are the only thing that designs
and settings are chosen by; the public benchmarks are for the final table.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from index.training.texts import corpus, domain, wordnet

#: Hashes of training texts that share something with an evaluation text, written by ``overlap --exclude``.
EXCLUDED = Path(__file__).parents[1] / "data" / "excluded.txt"


@cache
def excluded() -> frozenset[str]:
    """The first 16 hex digits of the SHA-256 of each text that no group may hold."""
    return frozenset(EXCLUDED.read_text(encoding="ascii").split()) if EXCLUDED.is_file() else frozenset()


def _clean(text: str) -> bool:
    return hashlib.sha256(text.encode()).hexdigest()[:16] not in excluded()


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs (or, for a cloze group, passages in ``left``) of one source.

    ``weight`` is the share of batches relative to the other groups; ``source`` is what an ablation leaves out. Where
    texts answer several questions, ``asked`` numbers what the left side wants and ``stated`` all that the right side
    says, so that a right answer is never a negative. Rows are drawn in runs of ``run`` neighbours. ``wrong`` are texts
    that are a right answer to nothing; some of them join the right side of every batch.
    """

    name: str
    source: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    weight: float
    asked: tuple[int, ...] = ()
    stated: tuple[frozenset[int], ...] = ()
    run: int = 1
    wrong: tuple[str, ...] = ()
    asking: bool = False  # left sides are cut down and dressed as questions, as spans of a cloze group are

    @property
    def cloze(self) -> bool:
        return not self.right


def held_out(text: str, parts: int) -> bool:
    """True for about one text in ``parts``, always the same ones."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % parts == 0


#: File to one row in how many is held out (for CMRC: one passage in so many, with its questions).
DEV_PARTS = {"cmrc2018_train_qa_zh": 8, "tatoeba_zh_en": 30, "tico19_zh_en": 6, "gov_work_reports_zh_en": 18}


def kept(name: str) -> list[corpus.Pair]:
    """The rows of a pair file that training may see."""
    parts = DEV_PARTS.get(name)
    return [pair for pair in corpus.pairs(name) if parts is None or not held_out(pair.b, parts)]


def dev(name: str) -> list[corpus.Pair]:
    """The rows of a pair file that training never sees."""
    return [pair for pair in corpus.pairs(name) if held_out(pair.b, DEV_PARTS[name])]


@cache
def bilingual_passages(name: str, rows: int) -> tuple[tuple[int, str, str], ...]:
    """Neighbouring rows joined into passages: index of the first row, Chinese, English.

    Law files change subject at a new law; a passage across that border is rare and harmless.
    """
    everything = kept(name)
    windows = []
    for start in range(0, len(everything) - rows + 1, rows):
        part = everything[start : start + rows]
        windows.append((start, "".join(pair.a for pair in part), " ".join(pair.b for pair in part)))
    return tuple(windows)


def parallel_groups() -> list[Group]:
    """Sentence pairs, one group a file. Weights keep the formulaic law corpus from drowning the rest."""
    weights = {
        "gov_work_reports_zh_en": 1.5, "tw_laws_zh_en": 2.0, "tatoeba_zh_en": 2.5, "bible_cuv_kjv": 1.0,
        "python_docs_zh_en": 1.0, "tico19_zh_en": 0.7, "sdg_zh_en": 0.1, "nbs_yearbook_titles_zh_en": 0.1,
    }  # fmt: skip
    groups = []
    for name, weight in weights.items():
        part = kept(name)
        groups.append(Group(name, name, tuple(pair.a for pair in part), tuple(pair.b for pair in part), weight))
    return groups


def passage_groups() -> list[Group]:
    """A sentence of one language against the passage of the other that its translation stands in, both ways."""
    groups = []
    for name, weight in zip(corpus.ORDERED, (0.8, 1.2, 0.4, 0.6, 0.4), strict=True):
        rows = kept(name)
        windows = bilingual_passages(name, 4)[:40_000]
        left: list[str] = []
        right: list[str] = []
        for start, chinese, english in windows:
            inside = rows[start + held_out_place(chinese, 4)]
            left += (inside.a, inside.b)
            right += (english, chinese)
        groups.append(Group(f"{name}:passage", name, tuple(left), tuple(right), weight, asking=True))
    return groups


def held_out_place(text: str, places: int) -> int:
    """A place below ``places`` that depends on nothing but the text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[4:8]) % places


_SENSES = re.compile(r"\s*;\s*")


def dictionary_group() -> Group:
    """A headword against each of its senses alone, and against all of them together."""
    left: list[str] = []
    right: list[str] = []
    for pair in corpus.pairs("cedict_zh_en"):
        senses = _SENSES.split(pair.b)
        for sense in [*senses[:3], pair.b] if len(senses) > 1 else senses:
            left.append(pair.a)
            right.append(sense)
    return Group("cedict_zh_en", "cedict_zh_en", tuple(left), tuple(right), 3.0)


def question_and_title_groups() -> list[Group]:
    """Questions against the paragraph that answers them; titles and headings against the text under them."""
    groups = []
    weights = {"cmrc2018_train_qa_zh": 2.5, "csl_title_abstract_zh": 0.8, "gov_report_heading_body_zh": 0.8,
               "law_title_article_zh": 0.5, "policy_heading_body_zh": 0.6, "tatoeba_paraphrase": 0.4}  # fmt: skip
    for name, weight in weights.items():
        part = kept(name)
        groups.append(Group(name, name, tuple(pair.a for pair in part), tuple(pair.b for pair in part), weight))
    return groups


def cloze_groups() -> list[Group]:
    """Passages of each register and language, to draw spans from."""
    wiki = tuple(dict.fromkeys(pair.b for pair in kept("cmrc2018_train_qa_zh")))
    abstracts = tuple(dict.fromkeys(pair.b for pair in corpus.pairs("csl_title_abstract_zh")))
    reports = tuple(line for lines in corpus.reports().values() for line in lines if len(line) > 60)
    laws = tuple(text for text in corpus.texts("text_laws_zh") if len(text) > 80)[:60_000]
    groups = [
        Group("cloze:wiki", "cloze", wiki, (), 1.0),
        Group("cloze:abstracts", "cloze", abstracts, (), 0.6),
        Group("cloze:reports", "cloze", reports, (), 1.0),
        Group("cloze:policy", "cloze", corpus.texts("text_policy_zh"), (), 0.4),
        Group("cloze:laws", "cloze", laws, (), 0.4),
    ]
    for name, weight in (("tw_laws_zh_en", 0.9), ("python_docs_zh_en", 1.2), ("gov_work_reports_zh_en", 0.9),
                         ("tico19_zh_en", 1.2), ("bible_cuv_kjv", 0.6)):  # fmt: skip
        english = tuple(window[2] for window in bilingual_passages(name, 5)[:20_000])
        groups.append(Group(f"cloze:{name}", "cloze", english, (), weight))
    dictionary = [pair.b for pair in corpus.pairs("cedict_zh_en") if len(pair.b) > 40]
    return [*groups, Group("cloze:cedict", "cloze", tuple(dictionary), (), 0.7)]


def domain_groups() -> list[Group]:
    """Questions about indicators against sentences that state them (see ``domain``)."""
    headed = {"domain:plain", "domain:located", "domain:spoken"}
    return [
        Group(
            made.name, "domain", tuple(made.left), tuple(made.right), made.weight,
            tuple(made.asked), tuple(made.stated), 32 if made.name in headed else 1,
            domain.distractors() if made.name == "domain:plain" else (),
        )
        for made in domain.groups()
    ]  # fmt: skip


def synonym_groups() -> list[Group]:
    """Headwords that share an English sense, and senses that share a headword: synonyms by way of the dictionary.

    A sense that more than eight headwords share ("fish", "county in …") says too little to make them synonyms.
    """
    heads: dict[str, list[str]] = {}
    left: list[str] = []
    right: list[str] = []
    for pair in corpus.pairs("cedict_zh_en"):
        senses = [re.sub(r"\(.*?\)\s*", "", sense).strip() for sense in _SENSES.split(pair.b)]
        senses = [sense for sense in dict.fromkeys(senses) if sense and "surname" not in sense]
        for sense in senses:
            heads.setdefault(sense.removeprefix("to "), []).append(pair.a)
        left += senses[:-1][:4]
        right += senses[1:][:4]
    zh_left: list[str] = []
    zh_right: list[str] = []
    for words in heads.values():
        distinct = list(dict.fromkeys(words))
        if 2 <= len(distinct) <= 8:
            zh_left += distinct
            zh_right += distinct[1:] + distinct[:1]
    return [
        Group("synonyms:zh", "synonyms", tuple(zh_left), tuple(zh_right), 1.0),
        Group("synonyms:en", "synonyms", tuple(left), tuple(right), 0.7),
    ]


#: One WordNet sense in so many is held out.
WORDNET_PARTS = 40


def kept_senses() -> list[wordnet.Synset]:
    """The senses that training may see."""
    return [sense for sense in wordnet.synsets().values() if not held_out(sense.gloss, WORDNET_PARTS)]


def dev_senses() -> list[wordnet.Synset]:
    """The senses that training never sees."""
    return [sense for sense in wordnet.synsets().values() if held_out(sense.gloss, WORDNET_PARTS)]


def general_groups() -> list[Group]:
    """General English, and names and figures in both languages: what the shared files lack."""
    from index.training.texts import cldr  # needs Babel, which only training does

    senses = kept_senses()
    glossed = [(word, sense.gloss) for sense in senses for word in sense.words[:2]]
    alike = [(sense.words[place], sense.words[place - 1]) for sense in senses
             for place in range(len(sense.words)) if len(sense.words) > 1]  # fmt: skip
    known = {sense.gloss for sense in senses}
    entries = [wordnet.entry(sense, known) for sense in senses]
    passages = tuple(" ".join(entries[place : place + 3]) for place in range(0, len(entries), 3))
    return [
        Group("wordnet:gloss", "wordnet", *_sides(glossed), 1.5),
        Group("wordnet:synonyms", "wordnet", *_sides(alike), 0.5),
        Group("wordnet:passage", "wordnet", passages, (), 2.5),
        Group("cldr:names", "cldr", *_sides(cldr.names()), 0.3),
        Group("cldr:figures", "cldr", *_sides(cldr.written()), 0.7),
    ]


def _sides(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    held = list(pairs)
    return tuple(pair[0] for pair in held), tuple(pair[1] for pair in held)


def groups(without: Sequence[str] = ()) -> list[Group]:
    """All groups except those whose source is named in ``without``; empty groups are left out."""
    everything: Iterable[Group] = [
        *parallel_groups(), *passage_groups(), dictionary_group(), *question_and_title_groups(),
        *synonym_groups(), *cloze_groups(), *general_groups(), *domain_groups(),
    ]  # fmt: skip
    return [_cleaned(group) for group in everything if group.left and group.source not in without]


def _cleaned(group: Group) -> Group:
    """The group without excluded texts."""
    sides = (group.left, group.right or group.left, group.wrong)
    if all(_clean(text) for side in sides for text in side):
        return group
    rows = [row for row, text in enumerate(group.left) if _clean(text) and (group.cloze or _clean(group.right[row]))]
    return replace(
        group,
        left=tuple(group.left[row] for row in rows),
        right=tuple(group.right[row] for row in rows) if group.right else (),
        asked=tuple(group.asked[row] for row in rows) if group.asked else (),
        stated=tuple(group.stated[row] for row in rows) if group.stated else (),
        wrong=tuple(text for text in group.wrong if _clean(text)),
    )
