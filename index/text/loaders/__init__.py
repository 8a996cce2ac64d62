"""From the bytes of a file to its text: one loader for each format, all behind ``registry.load``."""
