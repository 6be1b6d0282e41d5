"""Draw until a vote by meaning is decided."""
