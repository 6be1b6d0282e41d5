"""How probable the model itself found each draw."""
