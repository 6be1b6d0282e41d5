"""The training families as tasks."""
