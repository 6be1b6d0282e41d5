"""The lift-sys provider for Hugging Face models in this process."""
