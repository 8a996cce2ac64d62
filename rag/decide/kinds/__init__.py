"""Kinds of questions that are answered by several cells: a row of places, a series of years, a result beside its target."""
