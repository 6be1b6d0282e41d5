"""lift-sys data source: 18 functions in three phases, written by hand."""
