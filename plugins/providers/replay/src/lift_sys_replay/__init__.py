"""lift-sys provider of recorded replies: a pipeline runs offline, and tomorrow as today."""
