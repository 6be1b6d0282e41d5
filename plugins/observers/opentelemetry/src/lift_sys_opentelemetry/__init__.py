"""lift-sys observer: runs as OpenTelemetry traces and metrics, by the GenAI conventions."""
