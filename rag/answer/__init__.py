"""Words, citations and script of an answer."""
