"""Figures of English reports."""
