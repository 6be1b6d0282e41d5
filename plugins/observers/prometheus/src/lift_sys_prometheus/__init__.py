"""lift-sys observer: what runs do and cost as Prometheus metrics."""
