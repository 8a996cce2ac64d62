"""What a term means: the sentences that say so, or that none does though the term is used."""

from __future__ import annotations

from dataclasses import dataclass

from index.rules import At, Rule
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.words.fragments import COUNTING
from index.words.numbers import read_numeral
from rag.decide.policy import SAYS_WHAT_IT_IS
from rag.decide.verdict import Refused, Told
from rag.find.passages import Retriever, constraints_of
from rag.types import Filters, Passage, Query, Reason
from rag.understand.words import either

_LEADS_ON = Rule(
    "decide.meanings.leads_on",
    rf"[”\"]?[^,。;:“”()、]{{0,6}}(?::|[(,]?(?:{either('is_meant')})(?![挥导标南]))(?=.{{4}})",
    takes=("⟦”(即⟧保内销、保外销)", "⟦”改革:⟧指带着指标出让"),
    leaves=("”是今年工作的着力点", "”指标完成较好"),
    at=At.START,
)
_CLAUSE_END = Rule("decide.meanings.clause_end", "[,。;]", takes=("甲、乙⟦,⟧丙",), leaves=("甲、乙",))
_MOST = 2
"""Sentences that say what a term means: more say it again."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """Looks for what terms mean in one snapshot."""

    snapshot: IndexSnapshot
    retriever: Retriever

    def tell(self, query: Query, filters: Filters) -> Told | Refused | None:
        """The sentences that say what the asked term means; None where no term alone is asked for."""
        return self.of_term(query, query.cues.term, filters) if query.cues.term else None

    def of_quoted(self, query: Query, filters: Filters) -> Told | None:
        """What a term in quotation marks means, of which more is asked than that: “双代”工程拿什么代替烧煤."""
        told = (self.of_term(query, term, filters) for term in query.cues.quoted)
        return next((found for found in told if isinstance(found, Told)), None)

    def of_term(self, query: Query, term: str, filters: Filters) -> Told | Refused:
        """The sentences that say what a term means, or that none does."""
        if any(region not in self.snapshot.regions for region in query.place.regions):
            return Refused(Reason.REGION_MISSING)
        allowed = self.retriever.documents_allowed(constraints_of(query, filters))
        saying: list[Passage] = []
        using: list[Passage] = []
        for number in self.snapshot.saying(term, map(self.snapshot.number_of, allowed)):
            sentence = self.snapshot.sentences[number]
            (saying if says_what_it_is(fold(sentence.text), term) else using).append(
                Passage(number, sentence, SAYS_WHAT_IT_IS)
            )
        if saying:
            # A note that begins with the term says it best, and the shortest says nothing else.
            saying.sort(key=lambda p: (fold(p.value.text).find(term) > _NOTE, len(p.value.text)))
            return Told(tuple(saying[:_MOST]))
        return Refused(Reason.NOT_IN_REPORTS, passages=tuple(using[:1]))


_NOTE = 6
"""Letters before the term of a note: its number and a quotation mark."""


def _lists(before: str) -> bool:
    """Whether the clause before a term is a list of three or more: 茶叶、药材、食用菌“新三宝”."""
    clause = before.rstrip('“"的等这')
    for mark in ",。;:":
        clause = clause.rpartition(mark)[2]
    return len(_items(clause)) >= _LISTED


def _counts(behind: str, term: str) -> bool:
    """Whether the clause behind a counted term lists as many things as it counts: “四通四到”机制，A、B、C、D."""
    named, _, rest = behind.partition(",")
    clause = next(iter(_CLAUSE_END.split(rest)), "")
    counts = {int(read_numeral(letter) or 0) for letter in term if letter in COUNTING}
    return len(named) <= _NOTE and len(_items(clause)) >= _LISTED and len(_items(clause)) in counts


def _items(clause: str) -> list[str]:
    """The things of a list, none where one is too long or too short to be one."""
    parts = clause.split("、")
    return parts if all(2 <= len(part) <= _LONG_ITEM for part in parts[1:]) else []


_LISTED, _LONG_ITEM = 3, 16


def says_what_it_is(text: str, term: str) -> bool:
    """Whether a folded sentence says what a term is, behind it or in a list before it; not where it is part of a longer one."""
    at = text.find(term)
    while at >= 0:
        before, behind = text[:at], text[at + len(term) :]
        quoted = before.rfind("“") > before.rfind("”")
        whole = not quoted or (before.endswith("“") and behind.startswith("”"))
        if whole and (_LEADS_ON.match(behind) or _lists(before) or _counts(behind, term)):
            return True
        at = text.find(term, at + 1)
    return False
