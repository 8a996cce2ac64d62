"""Inputs that grow: the known hostile ones, and as many made-up ones as wanted from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.rules import Rule


@dataclass(frozen=True, slots=True)
class Growing:
    """A text of any length: ``piece`` over and over between ``head`` and ``tail``."""

    name: str
    piece: str
    head: str = ""
    tail: str = ""

    def text(self, length: int) -> str:
        """About ``length`` characters, never more."""
        room = max(0, length - len(self.head) - len(self.tail))
        times = max(1, room // len(self.piece))
        return (self.head + self.piece * times + self.tail)[:length]


KNOWN = tuple(
    Growing(name, piece, head, tail)
    for name, piece, head, tail in (
        ("rates", "1%", "", ""),
        ("respectively", "分别", "", ""),
        ("from to", "从1到2", "", ""),
        ("from to, without figures", "从…到…", "", ""),
        ("years", "2021年", "", ""),
        ("opened brackets", "(", "", ""),
        ("opened quotes", "“", "", ""),
        ("opened titles", "《", "", ""),
        ("opened tags", "<p ", "", ""),
        ("spaces", " ", "收入", "增长"),
        ("spaces alone", " ", "", "x"),
        ("tabs", "\t", "收入", "增长"),
        ("ends of lines", "\n", "收入", "增长"),
        ("ends of lines and spaces", "\n ", "收入", "增长"),
        ("marks of lists", "、", "", ""),
        ("digits", "1", "", ""),
        ("digits with a point", "1.", "", ""),
        ("thousands", ",111", "1", "亿元"),
        ("thousands with spaces", " 111", "1", "亿元"),
        ("Chinese digits", "一", "", ""),
        ("Chinese numbers", "一百", "", ""),
        ("Han", "产", "", ""),
        ("homophones", "事实市势是", "", ""),
        ("names", "甲山、", "", "3个镇分别增长1%、2%"),
        ("things and figures", "粮食产量1吨、", "", ""),
        ("clauses", "粮食产量增长1%,", "2021年", ""),
        ("respectively and rates", "分别增长1%、", "第一产业、第二产业", ""),
        ("lines of figures", "1\n", "", ""),
        ("short lines of figures", "12 3\n", "", ""),
        ("sentences of figures", "1。", "", ""),
        ("full stops", "。", "", ""),
        ("headings", "一、工作\n", "", ""),
        ("cells", "|1", "", "|"),
        ("rows", "|粮食|1|\n", "|指标|2021年|\n|---|---|\n", ""),
        ("cells of HTML", "<td>1", "<table><tr>", ""),
        ("rows of HTML", "<tr><td>粮食<td>1", "<table><tr><td>指标<td>2021年", "</table>"),
        ("cells over many", "<tr><td colspan=99 rowspan=99>1", "<table>", "</table>"),
        ("opened tables", "<table>", "", ""),
        ("wide heads", "|1\n", "|指标" * 300 + "\n", ""),
        ("rows of tabs", "粮食\t1\n", "指标\t2021年\n", ""),
        ("rows of gaps", "粮食  1  2\n", "指标  2021年  2020年\n", ""),
        ("one place for many rows", "其中:粮食|1\n", "|指标|2021年|\n", ""),
        ("plain lines", "粮食\n", "", ""),
        ("short lines", "优化营商环境\n", "", ""),
        ("paragraphs of a year", "2021年,我们将\n", "", ""),
        ("dates", "2021年1月9日\n", "", ""),
        ("articles of a listing", "2021年政府工作报告\n2021-01-09\n", "", ""),
        ("tags", "<b>", "", ""),
        ("raised notes", "<sup>1", "", ""),
        ("codes", "\\n", "", ""),
        ("commas", ",", "", ""),
        ("colons", ":", "", ""),
        ("places", "北京市", "", ""),
        ("unknown places", "岚县", "", ""),
        ("shares", "5:", "三次产业结构", ""),
        ("units", "元/", "1", ""),
        ("ands", "和", "", ""),
        ("ofs", "的", "", ""),
        ("questions", "粮食产量是多少?", "", ""),
        ("letters", "a", "", ""),
        ("stars", "*", "", ""),
        ("dollars", "\\(", "", ""),
        ("dashes", "-", "\n", ""),
    )
)
"""Each stands for a kind that was once slow, or is like one."""

_JOINTS = ("", "", "", "、", "和", ",", " ", "1", "%", "年", "的", "(", "\n", "万", "“", ":")


def pieces_of(rules: Sequence[Rule]) -> list[str]:
    """What the examples of the rules are made of: windows of one to six characters, each once, in order."""
    texts = [text.replace("⟦", "").replace("⟧", "") for rule in rules for text in (*rule.takes, *rule.leaves)]
    return sorted({text[at : at + size] for text in texts for size in range(1, 7) for at in range(0, len(text), 3)})


def made_up(rules: Sequence[Rule], number: int, seed: int) -> Iterator[Growing]:
    """``number`` inputs by chance: one to three pieces and what joins them, repeated behind and before others."""
    chance = random.Random(seed)
    held = pieces_of(rules)
    for at in range(number):
        piece = "".join(chance.choice(held) + chance.choice(_JOINTS) for _ in range(chance.randint(1, 3)))
        head, tail = (chance.choice(held) if chance.random() < 0.5 else "" for _ in range(2))
        yield Growing(f"made up {seed}.{at} {head!r} {piece!r} {tail!r}", piece, head, tail)


def of_rule(rule: Rule) -> Iterator[Growing]:
    """Inputs near to what a rule takes: each of its examples, and parts of it, over and over, ended in what it wants not."""
    for text in dict.fromkeys(t.replace("⟦", "").replace("⟧", "") for t in rule.takes[:3]):
        for start in range(0, len(text), 2):
            for size in (1, 2, 4, len(text)):
                piece = text[start : start + size]
                yield Growing(f"{text[:start]!r} {piece!r}", piece, text[:start], "\x00")
