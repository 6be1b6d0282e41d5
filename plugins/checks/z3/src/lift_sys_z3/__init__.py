"""Proves what is wrong with a specification, where a solver can."""
