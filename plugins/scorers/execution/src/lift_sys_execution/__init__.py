"""What the visible checks said, with partial credit."""
