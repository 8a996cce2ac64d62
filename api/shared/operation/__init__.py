"""Lanes of work, and what is noted of each request."""
