"""From one version of the tables to the next; alembic is imported when that is needed."""

from typing import TYPE_CHECKING

from ..._lazy import lazily

if TYPE_CHECKING:
    from .upgrading import upgrade

__all__ = ["upgrade"]

__getattr__, __dir__ = lazily(__name__, {"upgrade": "upgrading"})
