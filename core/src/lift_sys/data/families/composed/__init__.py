"""Functions composed of pieces that other families have alone; since the second curriculum."""
