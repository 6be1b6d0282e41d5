"""The first tables. A new store is made whole, so there is nothing to do here.

Revision: 0001
"""

revision = "0001"
down_revision = None


def upgrade() -> None:
    pass
