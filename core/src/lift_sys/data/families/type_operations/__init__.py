"""Types: telling them apart, converting, reading texts, None and bool."""
