"""What a document is and how it is built: title, headings, sections, sentences, tables."""
