"""What a question says of each slot: its kind, thing, place and time, and what is to be told."""
