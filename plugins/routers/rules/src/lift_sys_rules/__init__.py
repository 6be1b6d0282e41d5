"""A route by category, difficulty or metadata: the first rule that fits."""
