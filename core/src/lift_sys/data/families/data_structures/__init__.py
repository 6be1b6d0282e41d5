"""Dictionaries, tuples and pairs: looking up, merging, counting, grouping."""
