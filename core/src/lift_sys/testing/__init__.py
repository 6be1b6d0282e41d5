"""Public test doubles, and a conformance suite for each kind of plugin."""
