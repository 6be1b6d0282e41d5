"""lift-sys data source: tasks from a JSON Lines file, of any size."""
