"""lift-sys provider of providers: asks the first, and the next where that cannot be reached."""
