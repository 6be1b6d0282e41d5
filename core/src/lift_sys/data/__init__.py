"""Tasks and examples as files and sets; the data source plugins stay thin over this."""
