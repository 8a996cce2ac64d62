"""Wenju (问据): the right figure of a government work report, with the exact sentence, or an honest no."""

__version__ = "0.1.0"
