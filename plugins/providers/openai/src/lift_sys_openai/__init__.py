"""lift-sys provider for OpenAI and every server that speaks its chat-completions protocol."""
