"""Branches: ladders, ranges, rules in order, nested conditions."""
