"""The lift-sys provider for Anthropic's Messages API and its message batches."""
