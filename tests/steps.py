"""The way of a user from reports to answers, as a program to run under a block, and what it must have printed."""

from __future__ import annotations

#: Arguments: the index, the reports, a question set. Ends with the first command that fails.
COMMANDS = """
import sys

import cli

index, reports, questions = sys.argv[1:]
flagship = "2020年嘉定固定资产投资增长多少"
for command in (
    ["ingest", reports],
    ["ask", flagship],
    ["search", flagship, "--top-k", "2"],
    ["eval", questions],
    ["verify"],
):
    status = cli.main([*command, "--index", index])
    if status:
        sys.exit(f"{command[0]}: {status}")
"""

PRINTED = (
    "5 files added",
    "同比增长18.3%。[1]",
    "429.7亿元",
    "bundled.jsonl: 64 questions",
    "every span is the source's text",
)
