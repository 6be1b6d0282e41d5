"""Whether symbolic execution finds an input that breaks an assertion."""
