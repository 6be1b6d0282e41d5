"""Looks for counter-examples by symbolic execution, with CrossHair."""
