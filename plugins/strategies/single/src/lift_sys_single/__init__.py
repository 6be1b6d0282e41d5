"""One draw, with retries on invalid output."""
