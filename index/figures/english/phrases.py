"""Words of English sentences to names: phrases before a verb and behind an amount, freed of what names nothing."""

from __future__ import annotations

from collections.abc import Sequence

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
FEW = 4
"""Words between a verb and its amounts where nothing stands but by, an average of."""
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
    if _is_listed(words[: at + 1], own):
        # spending on agriculture, rural areas and farmers
        return list(words)
    listed = len(own) > 1 and own[0].bare == "and"
    if listed and not any(w.bare in LEVELS | RISES | FALLS | DEEDS or w.bare.endswith("ed") for w in words[: at + 1]):
        return first_phrase(words)
    return own


def _is_listed(before: Sequence[Word], own: Sequence[Word]) -> bool:
    """Whether the words behind the last comma end a list that one noun phrase holds: spending on A, B and C."""
    small = [w.bare for w in own]
    ends = "and" in small[1:-1] and not any(w.bare in STOPS - {"and"} or w.bare.endswith(("ed", "ing")) for w in own)
    opens = any(w.bare in ("on", "of", "for") for w in before[1:]) and len(before) > 2
    verbs = LEVELS | RISES | FALLS | DEEDS | NO_NAMES
    noun = before[1].bare in ("on", "of") if len(before) > 1 else False
    says = (before[0].bare.endswith("ing") and not noun) or any(
        w.bare in verbs or w.bare.endswith("ed") for w in before
    )
    return ends and opens and not says and len(before) + len(own) <= LONGEST + 2


def first_phrase(words: Sequence[Word]) -> list[Word]:
    """The first phrase of some words: China's market entities, all types included, now total."""
    at = next((n for n, word in enumerate(words) if word.ends_phrase), len(words) - 1)
    return list(words[: at + 1])


def name_of(words: Sequence[Word], *, cut: bool = False) -> str:
    """A noun phrase as a name, "" where the words are none. ``cut`` takes of one that is too long the first of a list."""
    bare = [w.bare for w in words]
    while bare and (bare[0] in ARTICLES or bare[0] in SETS):
        bare = bare[1:]
    at = next((n for n, word in enumerate(bare) if n and word in ("who", "which", "whose", "that")), len(bare))
    bare = bare[:at]
    while bare and (bare[-1] in BESIDE - {"rate"} or bare[-1] in LEVELS or bare[-1] in HELPS):
        bare = bare[:-1]
    if cut and len(bare) > LONGEST and "and" in bare[2 : LONGEST + 1]:
        bare = bare[: len(bare[: LONGEST + 1]) - 1 - bare[LONGEST::-1].index("and")]
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


def _goes_over(words: Sequence[Word], at: int) -> bool:
    """Whether a counted noun stands behind an "and": 21 million urban and rural workers."""
    if words[at].bare != "and" or not at or words[at - 1].bare.endswith("s") or words[at - 1].bare in PEOPLE:
        return False
    for word in words[at + 1 : at + 6]:
        if word.bare in STOPS or word.bare in LEVELS | DEEDS:
            return False
        if word.bare.endswith("s") or word.bare in PEOPLE:
            return True
        if word.mark:
            return False
    return False


def phrase_in(words: Sequence[Word], *, counted: bool = False) -> str:
    """The noun phrase that some words begin with: up to a verb, a preposition or a mark; ``counted`` if it is in the plural."""
    result: list[str] = []
    for at, word in enumerate(words):
        if counted and result and _goes_over(words, at):
            result.append(word.bare)
            continue
        if word.bare in STOPS and not (word.bare == "of" and (not result or len(result) > 0)):
            break
        if result and result[-1] == "newly":
            result.append(word.bare)
            continue
        named = any(said not in ARTICLES for said in result)
        noun = word.bare == "total" and result[-1:] and (result[-1] in ARTICLES or result[-1].endswith("'s"))
        if (word.bare in LEVELS | DEEDS and not noun) or (
            word.bare.endswith("ed") and word.bare not in ADJECTIVES and named
        ):
            break
        result.append(word.bare)
        if word.ends_phrase:
            break
    while result and result[-1] in ARTICLES:
        result.pop()
    return " ".join(result) if 0 < len(result) <= LONGEST and result[-1] != "mark" else ""


ADJECTIVES = frozenset(
    {"invested", "advanced", "registered", "dilapidated", "skilled", "outdated", "disabled", "retired", "related"}
)


def purpose_of(words: Sequence[Word]) -> str:
    """What money is for: in subsidies for rural residents, to support technological upgrading."""
    if not words or words[0].bare not in ("for", "to", "in", "on", "from"):
        return ""
    result: list[str] = []
    for word in words:
        if word.bare in WILL | ARE | RISES - {"growth", "increase"} and len(result) > 1 and result[0] != "to":
            break
        result.append(word.bare)
        if word.ends_phrase or len(result) >= LONGEST:
            break
    return " ".join(result) if len(result) > 2 else ""


def direct_thing(left: Sequence[Word], behind: Sequence[Word]) -> str:
    """What money with an article is: a 550 billion yuan central government deficit."""
    if not left or left[-1].bare not in ("a", "an", "the") or not behind or behind[0].bare in BESIDE | STOPS | NO_NAMES:
        return ""
    thing = phrase_in(behind)
    end = len(thing.split())
    if end == 1 and end < len(behind) and behind[end].bare in ("for", "in") and not behind[0].mark:
        thing = f"{thing} {behind[end].bare} {phrase_in(behind[end + 1 :])}"
    return thing if " " in thing else ""


def done_with(behind: Sequence[Word]) -> str:
    """What was done with an amount, right behind it: 732 billion yuan invested in railway construction."""
    if (
        len(behind) < 3
        or not behind[0].bare.endswith("ed")
        or behind[0].mark
        or behind[1].bare not in ("in", "on", "to", "for")
    ):
        return ""
    thing = phrase_in(behind[2:], counted=True)
    return f"{behind[0].bare} {behind[1].bare} {thing}" if thing else ""


def for_whom(behind: Sequence[Word], thing: str) -> str:
    """For whom, or where, what was counted is: housing units for low-income families."""
    at = len(thing.split())
    if at + 1 >= len(behind) or " ".join(w.bare for w in behind[:at]) != thing or behind[at - 1].mark:
        return ""
    if behind[at].bare not in ("for", "in"):
        return ""
    phrase = phrase_in(behind[at + 1 :])
    return f"{behind[at].bare} {phrase}" if phrase else ""


def head_of(words: Sequence[Word]) -> str:
    """The noun phrase that a subject too long for a name begins with: number of students from poor areas enrolled in …."""
    if len(words) <= LONGEST or any(w.bare in NO_NAMES for w in words):
        return ""
    at = next((n for n, w in enumerate(words) if n > 1 and (w.bare.endswith("ed") or w.bare in ("who", "that"))), 0)
    return name_of(words[:at])


def says_there_are(words: Sequence[Word]) -> bool:
    return len(words) > 1 and words[-2].bare == "there" and words[-1].bare in ARE


def subject_of(words: Sequence[Word]) -> str:
    """What the words before a verb of level are: of a clause within one its own (the requirement that spending accounts for)."""
    inner = max((n for n, w in enumerate(words) if w.bare == "that"), default=0)
    own = words[inner + 1 :] if 0 < inner < len(words) - 2 else words
    return name_of(own) or last_done(own) or head_of(own)


def last_done(words: Sequence[Word]) -> str:
    """The object of what somebody did: and we issued one-time subsidies."""
    if not any(w.bare in NO_NAMES for w in words):
        return ""
    at = next((n for n in range(len(words) - 2, -1, -1) if does(words[: n + 1])), None)
    return name_of(words[at + 1 :]) if at is not None else ""


def who_is_counted(name: str) -> str:
    """人 where a name counts people (population, personnel, number of students), "" where it does not."""
    words = name.split()
    return "人" if set(words) & ({"population", "personnel"} | PEOPLE) else ""


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
    return name_of(left[at + 1 : -1], cut=True) if at is not None and at + 2 < len(left) else ""


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
    if len(words) > 3 and words[1].bare == "who" and words[2].bare in ("have", "had", "were", "are"):
        # people who have relocated from rural to urban areas
        return f"who {' '.join(w.bare for w in words[2:LONGEST])}".partition(" have gained")[0]
    if len(words) < 2 or words[0].mark or not words[1].bare.endswith("ed"):
        return ""
    return phrase_of_deed(words[1:6])


_MADE_UP = frozenset({"consist", "consists", "consisted", "consisting", "composed", "up", "out", "instead", "because"})


def held_in(words: Sequence[Word]) -> str:
    """What an amount is of by the noun before it: attracted a total investment of 300 billion yuan."""
    if len(words) < 2 or words[-1].bare != "of" or words[-2].bare in _MADE_UP:
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
    levels = [
        n
        for n, w in enumerate(between)
        if w.bare in LEVELS and not (n and w.bare == "total" and between[n - 1].bare in ARTICLES)
    ]
    return not ends and not levels and not any(w.mark and w.bare not in BESIDE for w in between)
