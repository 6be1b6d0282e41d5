"""Seven criteria of a specification, each capped."""
