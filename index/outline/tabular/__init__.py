"""How a table is found in a source, and what its caption, heads and rows say of the figures in it."""
