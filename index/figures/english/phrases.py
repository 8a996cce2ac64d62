"""Words of English sentences to names: phrases before a verb and behind an amount, freed of what names nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Measure
from index.words.english import Word
from index.words.lexicon import load_wording

RATES = ("%", "个百分点")
POINTS = "个百分点"
YEAR = 12
NEAR_VERB = 7
"""Words between a verb of change and its amount: rose in real terms by an average of."""
FAR_VERB = 14
"""The same where the object stands between them: reduce energy consumption per unit of GDP by."""
LONGEST = 12
"""Words of a name; what is longer is no noun phrase."""
APPROX = {
    "about": "约", "around": "约", "approximately": "约", "roughly": "约", "some": "约", "nearly": "近", "almost": "近",
    "over": "超过", "exceeding": "超过", "than": "超过", "least": "以上",
}  # fmt: skip
ARTICLES = frozenset(
    {"a", "an", "the", "of", "its", "their", "our", "this", "these", "and", "but", "with", "while", "china's", "also"}
)


def word_list(name: str) -> frozenset[str]:
    return frozenset(load_wording().lists[name])


RISES, FALLS = word_list("english_rises"), word_list("english_falls")
LEVELS, CHANGES = word_list("english_levels"), word_list("english_change_nouns")
STOPS, BESIDE = word_list("english_stops"), word_list("english_beside_verbs")
PEOPLE = word_list("english_people")
WILL, DEEDS = word_list("english_plans"), word_list("english_deeds")
NO_NAMES = word_list("english_no_names")
HEDGES = frozenset(APPROX) - {"least"} | frozenset(
    ["more", "less", "fewer", "just", "no", "only", "well", "another", "additional", "some", "least"]
)
SMALL_WORDS = frozenset({"a", "an", "the", "close", "of", "to", "at", "in", "for", "as", "by"})
SPANS = frozenset(["years", "months", "days", "times", "percent", "times-folds", "occasions"])
AGES = frozenset({"expectancy", "age"})
THESE = frozenset({"this", "these", "that", "which", "it"})
RATE_NAMES = frozenset({"rate", "level", "index", "ratio", "quota"})
RECORDS = frozenset({"record", "high", "new", "all-time", "low", "peak"})
ARE = frozenset({"was", "were", "is", "are", "be"})


def without_end(words: Sequence[Word], small: frozenset[str]) -> list[Word]:
    """The words without small ones at their end, inside of one phrase."""
    end = len(words)
    while end and words[end - 1].bare in small and not words[end - 1].mark:
        end -= 1
    return list(words[:end])


def last_of(words: Sequence[Word], kinds: frozenset[str]) -> int | None:
    return next((n for n in range(len(words) - 1, -1, -1) if words[n].bare in kinds), None)


def last_phrase(words: Sequence[Word]) -> list[Word]:
    """The last phrase of some words: behind the last comma; of a list (A, B, and C) the first."""
    at = next((n for n in range(len(words) - 1, -1, -1) if words[n].ends_phrase), None)
    if at is None:
        return list(words)
    own = list(words[at + 1 :])
    listed = len(own) > 1 and own[0].bare == "and"
    if listed and not any(w.bare in LEVELS | RISES | FALLS | DEEDS or w.bare.endswith("ed") for w in words[: at + 1]):
        return first_phrase(words)
    return own


def first_phrase(words: Sequence[Word]) -> list[Word]:
    """The first phrase of some words: China's market entities, all types included, now total."""
    at = next((n for n, word in enumerate(words) if word.ends_phrase), len(words) - 1)
    return list(words[: at + 1])


def name_of(words: Sequence[Word]) -> str:
    """A noun phrase as a name, "" where the words are none."""
    bare = [w.bare for w in words]
    while bare and (bare[0] in ARTICLES or bare[0] in SETS):
        bare = bare[1:]
    at = next((n for n, word in enumerate(bare) if n and word in ("who", "which", "whose", "that")), len(bare))
    bare = bare[:at]
    while bare and (bare[-1] in BESIDE - {"rate"} or bare[-1] in LEVELS or bare[-1] in HELPS):
        bare = bare[:-1]
    says = [w for w in bare if len(w) > 2 and w not in STOPS and w not in BESIDE]
    if not says or len(bare) > LONGEST or set(bare) & NO_NAMES:
        return ""
    if len(bare) == 1 and (
        bare[0].endswith(("ly", "ing", "ed")) or bare[0] in ("number", "sum", "units", "total", "rate")
    ):
        return ""
    return " ".join(bare)


SETS = frozenset(
    [
        "hold",
        "keep",
        "ensure",
        "achieve",
        "realize",
        "control",
        "increase",
        "raise",
        "reduce",
        "to",
        "country's",
        "nation's",
        "national",
    ]
)
"""What a name does not begin with: an aim's verb, and whose it is."""
HELPS = frozenset(
    [
        "has",
        "have",
        "had",
        "been",
        "and",
        "will",
        "to",
        "should",
        "also",
        "achieved",
        "recorded",
        "posted",
        "saw",
        "seen",
        "expected",
    ]
)


def names_of(words: Sequence[Word]) -> list[str]:
    """The names of a list: A, B and C."""
    names: list[list[Word]] = [[]]
    for word in words:
        if word.bare == "and":
            names.append([])
            continue
        names[-1].append(word)
        if word.mark == ",":
            names.append([])
    return [name for part in names if (name := name_of([replace(w, mark="") for w in part]))]


def phrase_in(words: Sequence[Word]) -> str:
    """The noun phrase that some words begin with: up to a verb, a preposition or a mark."""
    result: list[str] = []
    for word in words:
        if word.bare in STOPS and not (word.bare == "of" and (not result or len(result) > 0)):
            break
        if result and result[-1] == "newly":
            result.append(word.bare)
            continue
        if word.bare in LEVELS | DEEDS or (word.bare.endswith("ed") and word.bare not in ADJECTIVES and result):
            break
        result.append(word.bare)
        if word.ends_phrase:
            break
    while result and result[-1] in ARTICLES:
        result.pop()
    return " ".join(result) if 0 < len(result) <= LONGEST else ""


ADJECTIVES = frozenset(
    {"invested", "advanced", "registered", "dilapidated", "skilled", "outdated", "disabled", "retired", "related"}
)


def purpose_of(words: Sequence[Word]) -> str:
    """What money is for: in subsidies for rural residents, to support technological upgrading."""
    if not words or words[0].bare not in ("for", "to", "in", "on", "from"):
        return ""
    result: list[str] = []
    for word in words:
        result.append(word.bare)
        if word.ends_phrase or len(result) >= LONGEST:
            break
    return " ".join(result) if len(result) > 2 else ""


def deed_of(words: Sequence[Word]) -> str:
    """The verb that some words end with, with what belongs to it: closed down."""
    last = words[-1].bare
    return f"{words[-2].bare} {last}" if last in ("down", "out", "up", "off") and len(words) > 1 else last


REACH_OUT = frozenset(["cover", "covering", "covered", "reach", "reaching", "benefit", "benefiting", "linking", "link"])
SETS_AT = frozenset({"above", "within", "below", "under", "at", "to"})
KEEPS = frozenset(["keep", "keeping", "hold", "holding", "maintain", "maintaining", "bring", "bringing"])


def what_is_kept(left: Sequence[Word], *, to: bool) -> str:
    """Keep grain output above 550 million tons, raise subsidies to 420 yuan: what is kept or brought there."""
    if not left or left[-1].bare not in SETS_AT:
        return ""
    verbs = KEEPS | (RISES | FALLS if to else frozenset())
    at = last_of(left, verbs)
    return name_of(left[at + 1 : -1]) if at is not None and at + 2 < len(left) else ""


def change_in(unit: str) -> Measure:
    return Measure.GROWTH if unit == "%" else Measure.CHANGE


def change_behind(words: Sequence[Word]) -> tuple[int, int] | None:
    """Where the words go on behind a noun of change, and its sign: a 6.5 percent year-on-year increase in spending."""
    for at, word in enumerate(words[:3]):
        if word.bare in CHANGES and word.bare not in ("gain", "cut", "fall"):
            return at + 1, -1 if word.bare in FALLS else 1
        if word.mark or word.bare not in BESIDE:
            return None
    return None


def what_people_do(words: Sequence[Word]) -> str:
    """People gained access to safe drinking water: what those who are counted did."""
    if len(words) < 2 or words[0].mark or not words[1].bare.endswith("ed"):
        return ""
    return phrase_of_deed(words[1:6])


def held_in(words: Sequence[Word]) -> str:
    """What an amount is of by the noun before it: attracted a total investment of 300 billion yuan."""
    if len(words) < 2 or words[-1].bare != "of":
        return ""
    end = len(words) - 1
    start = end
    while (
        start
        and not words[start - 1].mark
        and words[start - 1].bare not in STOPS | ARTICLES | DEEDS | LEVELS - {"total"}
    ):
        start -= 1
        if words[start].bare.endswith("ed"):
            start += 1
            break
    return name_of(words[start:end]) if 0 < end - start <= 5 else ""


def what_was_done(words: Sequence[Word]) -> str:
    """What was done to what was counted: created, of … were created."""
    for at, word in enumerate(words[:LONGEST]):
        if word.ends_phrase and word.bare not in ARE:
            return word.bare if at and words[at - 1].bare in ("were", "was", "been") else ""
        if word.bare in ("were", "was", "been", "be"):
            following = words[at + 1].bare if at + 1 < len(words) else ""
            if following in ("now", "also", "already", "all"):
                at, following = at + 1, words[at + 2].bare if at + 2 < len(words) else ""  # noqa: PLW2901
            if following and following != "been":
                said = phrase_of_deed(words[at + 1 : at + 6])
                return said if following.endswith(("ed", "t", "n", "ld")) else ""
    return ""


def phrase_of_deed(words: Sequence[Word]) -> str:
    """A verb with the few words behind it, up to a mark: lifted out of poverty."""
    result: list[str] = []
    for word in words:
        if word.bare in ("and", "which", "in", "with"):
            break
        result.append(word.bare)
        if word.ends_phrase:
            break
    return " ".join(result)


def joined_words(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def leading(left: Sequence[Word]) -> tuple[list[Word], bool]:
    """The words before an amount without small ones at their end, and whether 'to' stood among these."""
    plain = without_end(left, BESIDE)
    return without_end(plain, SMALL_WORDS | RECORDS), bool(plain) and plain[-1].bare == "to"


def does(words: Sequence[Word]) -> bool:
    """Whether words end with what is done to what is counted: built, closed down."""
    return bool(words) and not words[-1].mark and (words[-1].bare in DEEDS or words[-1].bare.endswith("ed"))


def tells_change(left: Sequence[Word], at: int) -> bool:
    """Whether the verb or noun of change in a place of the words is told by the amount behind them."""
    far = FAR_VERB if left[-1].bare == "by" else NEAR_VERB
    if len(left) - at > far:
        return False
    if left[at].bare in ("up", "down") and at and (left[at - 1].bare in DEEDS or left[at - 1].bare.endswith("ed")):
        # closed down 26 million kilowatts
        return False
    between = left[at + 1 :]
    ends = bool(between) and between[-1].bare == "to"
    return not ends and not any(w.bare in LEVELS or (w.mark and w.bare not in BESIDE) for w in between)
