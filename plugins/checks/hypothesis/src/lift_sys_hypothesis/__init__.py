"""Looks for counter-examples with generated inputs, and shrinks what it finds."""
