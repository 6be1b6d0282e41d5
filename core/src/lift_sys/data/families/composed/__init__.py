"""Functions composed of two pieces that other families have alone; of the second curriculum."""
