"""What is easily forgotten: nothing, one, too few, too many, zero, the limits."""
