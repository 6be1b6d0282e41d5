"""Candidates and tests drawn apart: the largest agreement of the two wins."""
