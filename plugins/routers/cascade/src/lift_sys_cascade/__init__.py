"""Start cheap where that pays, escalate on a failed verdict."""
