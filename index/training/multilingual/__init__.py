"""The transformer: multilingual-e5-small, taken from a package, cut to Chinese and English, and taught our domain.

`packed` reads the published 4-bit weights; `converted` writes them as a sentence-transformers folder with a smaller
vocabulary; `tuned` teaches it; `graph` writes what the service runs it by.
"""
