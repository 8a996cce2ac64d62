"""Public benchmarks, read from the shared folder."""
