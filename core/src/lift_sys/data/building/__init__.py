"""Data sets as folders: built from the training families, looked at, reviewed by a person."""
