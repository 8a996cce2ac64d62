"""What is measured of an answer."""
