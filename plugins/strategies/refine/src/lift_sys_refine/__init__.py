"""Draw, criticise, draw again with what was wrong, and keep the best."""
