"""Small readers and the vocabulary: numbers, periods, places, names of indicators."""
