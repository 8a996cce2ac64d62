"""Generators that write an answer from evidence, and the check of what they wrote."""
