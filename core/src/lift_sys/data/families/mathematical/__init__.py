"""Numbers: divisors, digits, sequences, sums."""
