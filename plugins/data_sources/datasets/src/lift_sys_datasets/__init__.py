"""lift-sys data sources: other people's tasks, from the files they are kept in."""
