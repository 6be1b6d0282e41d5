"""Checks of what a model wrote: before there is code, and by running it."""
