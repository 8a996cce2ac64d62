"""Characters: from the bytes of a file to clean text, tokens and chunks. Knows nothing about reports."""
