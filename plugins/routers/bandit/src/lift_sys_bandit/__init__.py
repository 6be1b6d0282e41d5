"""Learns from the store which route pays for which tasks."""
