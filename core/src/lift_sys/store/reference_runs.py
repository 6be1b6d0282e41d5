"""A run beside another: the same tasks, with the specifications that their suite holds back.

It is known by its id. What reads the store to learn from earlier runs must not come upon it.
"""

from typing import Final

MARK: Final = "reference-"


def id_beside(run: str) -> str:
    """The id of the one that belongs to this run."""
    return f"{MARK}{run}"


def is_beside(run: str) -> bool:
    return run.startswith(MARK)
