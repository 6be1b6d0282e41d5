"""The store: what runs leave behind, in SQLite or PostgreSQL. Names here import on first use.

SQLAlchemy is imported with `Store`, `Grades` and what they need, never by this front alone.
"""

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .curves import Curves, TrainingSummary
    from .grades import Grade, Grades
    from .recorder import StoreRecorder
    from .samples import Samples, StoredSample
    from .store import Store
    from .summaries import Pruned, Recorded, RunState, RunSummary, TaskSummary

_HOME = {
    "Curves": "curves",
    "Grade": "grades",
    "Grades": "grades",
    "Pruned": "summaries",
    "Recorded": "summaries",
    "RunState": "summaries",
    "RunSummary": "summaries",
    "Samples": "samples",
    "Store": "store",
    "StoreRecorder": "recorder",
    "StoredSample": "samples",
    "TaskSummary": "summaries",
    "TrainingSummary": "curves",
}

__all__ = [
    "Curves",
    "Grade",
    "Grades",
    "Pruned",
    "Recorded",
    "RunState",
    "RunSummary",
    "Samples",
    "Store",
    "StoreRecorder",
    "StoredSample",
    "TaskSummary",
    "TrainingSummary",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
