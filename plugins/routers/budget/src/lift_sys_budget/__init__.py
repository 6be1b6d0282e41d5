"""The best route that the budget still allows."""
