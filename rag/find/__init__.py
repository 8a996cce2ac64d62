"""Facts and passages that may answer, each with its score."""
