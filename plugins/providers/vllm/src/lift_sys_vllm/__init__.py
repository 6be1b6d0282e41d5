"""The lift-sys provider for models that vLLM serves in this process."""
