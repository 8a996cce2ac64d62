"""How the work on hostile inputs grows: ``python -m benchmarks.growth {rules,files,questions,chats,memory}``.

Each input is one piece repeated between two others: the known slow ones, and ``--generated`` more by chance, of the seed
``--seed``. CPU time is taken at a quarter, a half and the whole of the size; the exponent is the power of the size that it
grows with (1 is linear), told where there is enough time to tell.

``rules``      every expression of index/ and rag/ by itself, with inputs near to its examples too: 400, 800 and 1,600 characters
``files``      a file of ``--bytes``, from its bytes to its facts; all at a sixteenth of the size, and the ten worst of them whole
``questions``  a question of 1,000 characters over the bundled reports, alone and behind twenty of the same kind
``chats``      a message, and instructions, of 32,768 characters, until it is known what is asked
``memory``     files of 20 MB of digits, in one line and in many, beside a small one, each in a process of its own

Exits with 1 where the worst takes longer than ``--most`` seconds (files: 10, questions: 0.5, chats: 0.05), or 500 MiB, or where anything fails.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from functools import partial

from benchmarks.growth.inputs import KNOWN, Growing, made_up, of_rule
from benchmarks.growth.measure import Grown, grown, seconds_of
from benchmarks.growth.readers import Call, bundled, chat_of, file_of, memory_of, question_of
from eval.rules import all_rules
from index.rules import Rule
from rag.limits import MAX_QUESTION
from rag.pipeline import AnswerPipeline

_SHOWN = 20
_WORST = 10
_SIXTEENTH = 16
_MOST_MEMORY = 500
_WAIT = 4.0
"""How many times the allowed seconds are waited for."""


def print_worst(found: Iterable[Grown], shown: int = _SHOWN) -> list[Grown]:
    """Print the slowest, and give all in that order."""
    ordered = sorted(found, key=lambda each: -each.worst)
    for each in ordered[:shown]:
        times = "  ".join(f"{seconds:8.4f}" for seconds in each.seconds)
        print(f"{each.exponent:5.2f}  {times} s  {each.name}  {each.error}".rstrip())
    return ordered


def sizes_up_to(size: int) -> tuple[int, int, int]:
    return size // 4, size // 2, size


def failed(found: Sequence[Grown], most: float) -> bool:
    """Say what is over the limit; whether anything is."""
    slow = [each for each in found if each.worst > most]
    broken = [each for each in found if each.error]
    worst = max(each.worst for each in found)
    print(f"{len(found)} inputs, worst {worst:.3f} s of {most:g}; over it {len(slow)}, failed {len(broken)}")
    return bool(slow or broken)


def rule_on(rule: Rule, each: Growing, size: int) -> Call:
    return partial(rule.found, each.text(size))


def rules(inputs: Sequence[Growing], most: float) -> bool:
    found: list[Grown] = []
    for name, rule in all_rules().items():
        tried = [*inputs, *of_rule(rule)]
        slowest = max(tried, key=lambda each: seconds_of(rule_on(rule, each, 400), most)[0])
        found.append(grown(f"{name}: {slowest.name}", partial(rule_on, rule, slowest), sizes_up_to(1600), most))
    return failed(print_worst(found, 40), most)


def file_at(each: Growing, size: int) -> Call:
    """Reading a file of so many bytes."""
    return file_of(each.text(int(size * len(each.piece) / len(each.piece.encode()))))


def files(inputs: Sequence[Growing], size: int, most: float) -> bool:
    file_of("粮食产量增长5%。")()
    small = size // _SIXTEENTH
    first = [grown(each.name, partial(file_at, each), sizes_up_to(small), most) for each in inputs]
    ordered = print_worst(first)
    print(f"a sixteenth, {small} bytes: ", end="")
    # What takes no longer than it may for each byte; the worst are then tried whole.
    bad = failed(first, most / _SIXTEENTH * _WAIT)
    named = {each.name: each for each in inputs}
    worst = [named[one.name] for one in ordered[:_WORST]]
    whole = [grown(each.name, partial(file_at, each), sizes_up_to(size), most * _WAIT) for each in worst]
    print_worst(whole)
    print(f"whole, {size} bytes: ", end="")
    return failed(whole, most) or bad


def question_at(pipeline: AnswerPipeline, each: Growing, history: bool, size: int) -> Call:
    return question_of(pipeline, each.text(size), history=history)


def questions(inputs: Sequence[Growing], most: float) -> bool:
    bad = False
    with bundled() as pipeline:
        for history in (False, True):
            found = [
                grown(each.name, partial(question_at, pipeline, each, history), sizes_up_to(MAX_QUESTION), most * _WAIT)
                for each in inputs
            ]
            print("behind twenty of its kind:" if history else "alone:")
            print_worst(found)
            bad |= failed(found, most)
    return bad


def chat_at(each: Growing, role: str, size: int) -> Call:
    # A letter behind keeps white space from being no message at all.
    return chat_of(each.text(size - 1) + "x", role)


def chats(inputs: Sequence[Growing], most: float, size: int = 32_768) -> bool:
    bad = False
    for role in ("user", "system"):
        found = [grown(each.name, partial(chat_at, each, role), sizes_up_to(size), most * _WAIT) for each in inputs]
        print(f"from {role}:")
        print_worst(found, 5)
        bad |= failed(found, most)
    return bad


def memory(most: int = _MOST_MEMORY) -> bool:
    bad = False
    for name, piece in (("digits", "1"), ("lines of a digit", "1\n"), ("lines of a hundred digits", "1" * 99 + "\n")):
        small, large = memory_of(piece, 20)
        print(f"a small file {small} MiB, 20 MB of {name} {large} MiB: {large - small} MiB more, of {most}", flush=True)
        bad |= large - small > most
    return bad


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and tell whether the limits hold."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("rules", "files", "questions", "chats", "memory"))
    parser.add_argument("--generated", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bytes", type=int, default=1_000_000)
    parser.add_argument("--most", type=float)
    options = parser.parse_args(arguments)
    inputs = [*KNOWN, *made_up(list(all_rules().values()), options.generated, options.seed)]
    match options.what:
        case "rules":
            return rules(inputs, options.most or 0.1)
        case "files":
            return files(inputs, options.bytes, options.most or 10.0)
        case "questions":
            return questions(inputs, options.most or 0.5)
        case "chats":
            return chats(inputs, options.most or 0.05)
        case _:
            return memory()


if __name__ == "__main__":
    raise SystemExit(main())
