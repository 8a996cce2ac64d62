"""Runs summed up, compared, gated and shown."""
