"""Texts: counting, changing, cutting, looking for marks."""
