"""A model compares the candidates in pairs, each pair in both orders."""
