"""The product under attack, as real processes: what is killed, starved, damaged, raced, fed and flooded."""
