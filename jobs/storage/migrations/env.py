"""What alembic runs: all migrations in the one transaction of the connection that it is given."""

from alembic import context

from jobs.storage.migrations.files import SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema=SCHEMA,
)
with context.begin_transaction():
    context.run_migrations()
