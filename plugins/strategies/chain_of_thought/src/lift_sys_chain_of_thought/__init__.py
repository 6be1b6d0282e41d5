"""Reasoning first, kept apart, then the answer."""
