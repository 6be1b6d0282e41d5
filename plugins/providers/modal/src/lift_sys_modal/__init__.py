"""lift-sys provider for a model of your own on Modal."""
