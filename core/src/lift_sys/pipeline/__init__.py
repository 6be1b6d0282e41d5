"""Pipelines: from a declarative file to runs."""
