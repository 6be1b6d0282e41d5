"""Draw in rounds, watch whether draws differ, let the scorers choose."""
