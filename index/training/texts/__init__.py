"""Where the texts that a model is trained on come from."""
