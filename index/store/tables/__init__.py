"""The tables of a snapshot as they lie on disk: rows that are fetched by number, columns and names that are mapped."""
