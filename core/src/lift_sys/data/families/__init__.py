"""Families of functions: each makes many tasks that differ in parameters, names and words."""
