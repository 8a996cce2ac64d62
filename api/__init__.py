"""The service: HTTP in, the pipeline's values out. It converts and calls, and decides nothing about reports."""
