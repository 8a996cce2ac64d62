"""Which of them answers, or why none does."""
