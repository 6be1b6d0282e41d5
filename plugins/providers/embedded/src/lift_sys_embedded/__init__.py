"""lift-sys provider of two small models of our own: no key, no network, no torch."""
