"""The table of grades: known to who grades and to upkeep, and to nothing that a run is made of."""

from sqlalchemy import BigInteger, Column, Float, Integer, Table, Text

from .tables import metadata

__all__ = ["grades", "metadata"]

grades = Table(
    "grades",
    metadata,
    Column("run", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("task", Text, primary_key=True),
    Column("grader", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("failure", Text),
    Column("passed", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("body", Text, nullable=False),
)
