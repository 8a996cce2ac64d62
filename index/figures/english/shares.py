"""Shares in English sentences: what a percentage is of, by what was done to it, in it or with it."""

from __future__ import annotations

from collections.abc import Sequence

from index.figures.english.phrases import (
    ARE,
    ARTICLES,
    LONGEST,
    NO_NAMES,
    REACH_OUT,
    STOPS,
    WILL,
    deed_of,
    does,
    last_phrase,
    name_of,
    phrase_in,
    phrase_of_deed,
    what_was_done,
)
from index.words.english import Word

THEM = frozenset({"them", "these", "those", "whom", "which"})
_TAKES = frozenset({"received", "gained", "joined", "obtained", "adopted", "introduced", "completed", "reached"})
"""Verbs that take an object without a small word before it."""
_INTO = frozenset({"in", "on", "for", "to", "into"})
_OF_A_WHOLE = frozenset({"this", "these", "that", "which", "it", "them", "total", "amount", "sum"})


def share_of_named(left: Sequence[Word], rest: Sequence[Word], behind: str, subject: str) -> str:
    """More than 85 percent of villages were connected: what is named behind it, with what is said of it; "" where nothing is."""
    if not behind.startswith("of "):
        return ""
    size = len(behind.split())
    following = list(rest[size:]) if len(rest) > size and not rest[size - 1].ends_phrase else []
    again = rest[1].bare in THEM if len(rest) > 1 else False
    thing = subject if again else behind.removeprefix("of ")
    if not thing:
        return ""
    if again:
        following = list(rest[2:])
    done = what_was_done(rest) or (deed_of(left) if left and left[-1].bare in REACH_OUT else "")
    # Covered by this reform, received a full course; but the total planned investment.
    verb = (
        len(following) > 1
        and following[0].bare.endswith(("ed", "ing"))
        and (following[0].bare in _TAKES or following[1].bare in STOPS | ARTICLES)
    )
    if not done and verb:
        done = with_its_end(following)
    if not done and left and left[-1].bare in ("in", "to", "into", "at"):
        done = _thing_in(left[:-1])
    return f"{thing} {done}" if done else ""


def with_its_end(words: Sequence[Word]) -> str:
    """Received a full course of vaccination; working in central and western areas."""
    said = phrase_of_deed(words[:LONGEST])
    size = len(said.split())
    if size < len(words) and words[size].bare in ("in", "with") and not words[size - 1].mark:
        return f"{said} {words[size].bare} {phrase_in(words[size + 1 :])}".strip()
    return said


def said_of_it(rest: Sequence[Word]) -> str:
    """250 billion yuan of bonds issued on behalf of local governments: what is said of the one word behind an amount."""
    said = len(rest) > 2 and not rest[1].mark and rest[2].bare.endswith("ed")
    return with_its_end(rest[2:]) if said else ""


def _thing_in(words: Sequence[Word]) -> str:
    """What was put where: we will install the basic system in …; the basic system has been installed in …."""
    own = last_phrase(words)
    at = next((n for n in range(len(own) - 1, -1, -1) if own[n].bare in WILL | NO_NAMES), None)
    if at is not None:
        own = own[at + 2 :] if own[at].bare in WILL else own[at + 1 :]
    if own and own[0].bare in ("up", "out", "down", "off"):
        own = own[1:]
    return name_of(own)


def spent_on(left: Sequence[Word], rest: Sequence[Word], *, listed: bool) -> tuple[str, bool]:
    """Of this, 44% was invested in housing; 16% in research: what the share went into, and whether such a list goes on."""
    words = list(rest)
    opens = bool(words) and words[0].bare in ARE and len(words) > 1 and words[1].bare.endswith(("ed", "nt"))
    if opens:
        whole = {w.bare for w in left}
        if not ("of" in whole and whole & _OF_A_WHOLE):
            return "", False
        words = words[2:]
    elif not listed or any(w.bare not in ("and", "with", "about", "around") for w in left):
        return "", False
    if not words or words[0].bare not in _INTO:
        return "", opens
    return phrase_in(words[1:]), True


def aim_in(name: str, rises: frozenset[str], falls: frozenset[str]) -> tuple[str, int]:
    """The thing and direction of an aim that a name tells: target for expanding broad money; ("", 0) where it tells none."""
    words = name.split()
    for at in range(len(words) - 3):
        if words[at] in ("target", "targets", "goal", "goals") and words[at + 1] in ("for", "of"):
            verb, thing = words[at + 2], words[at + 3 :]
            while thing and thing[0] in ("the", "our", "in", "of"):
                thing = thing[1:]
            if verb in rises | falls and thing:
                return " ".join(thing), -1 if verb in falls else 1
    return "", 0


def is_led(words: Sequence[Word]) -> bool:
    """Whether words end with a deed or with what is done to those who are counted (benefiting, covering)."""
    return does(words) or (bool(words) and words[-1].bare in REACH_OUT and not words[-1].mark)
