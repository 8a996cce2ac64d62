"""Small readers of one figure each: in which of the ways that reports have it is stated, and of what."""
