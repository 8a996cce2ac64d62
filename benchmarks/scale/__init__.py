"""How the product grows with the number of reports: ``python -m benchmarks.scale``."""
