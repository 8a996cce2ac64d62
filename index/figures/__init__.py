"""What running text states: every figure with its indicator, time, place and status."""
