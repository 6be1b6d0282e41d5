"""Find an input on which candidates differ, and ask which output is right."""
