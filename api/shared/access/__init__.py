"""Allowances of keys, and what slows those who have none."""
