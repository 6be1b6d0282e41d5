"""What alembic runs: the migrations, on the connection and in the transaction it is given."""

from alembic import context

from lift_sys.store import grading_tables, tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=grading_tables.metadata,
    version_table=tables.stamp.name,
)
context.run_migrations()
