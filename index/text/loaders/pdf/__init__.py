"""PDF: from characters with places to lines, rows of tables and paragraphs."""
