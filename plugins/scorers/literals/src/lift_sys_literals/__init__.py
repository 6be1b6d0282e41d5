"""Whether each literal of the request is present, exactly, where it matters."""
