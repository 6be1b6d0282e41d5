"""How many of the other candidates do the same."""
