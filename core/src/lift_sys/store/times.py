"""The clock as the store writes it."""

from datetime import UTC, datetime


def utc_now() -> str:
    """ISO 8601: sorts as text."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
