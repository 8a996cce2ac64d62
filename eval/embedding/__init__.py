"""The embedding model measured by itself."""
