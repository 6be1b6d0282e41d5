"""Whether a draw is a valid result of its stage."""
