"""Patterns over the word lists that the readers of headings share."""

from __future__ import annotations

from index.lexicon import load_wording

RESULT_WORDS = load_wording().pattern("heading_results")
"""Heading words that announce results."""

PLAN_WORDS = load_wording().pattern("heading_plans")
"""Heading words that announce plans; weaker than :data:`RESULT_WORDS` where both stand."""
