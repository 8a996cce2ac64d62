"""Clients that are too heavy for the tests, tried in an environment of their own."""
