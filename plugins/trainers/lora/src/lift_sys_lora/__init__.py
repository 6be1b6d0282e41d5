"""Adapts Hugging Face causal models to specifications and code, with LoRA adapters."""
