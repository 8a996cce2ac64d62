"""Writers of the tables under ``index/data``."""
