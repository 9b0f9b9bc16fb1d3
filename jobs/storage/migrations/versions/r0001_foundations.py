"""The operational tables, roles and the first metric view."""

from jobs.storage.migrations.files import run_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_file("0001_foundations.up.sql")


def downgrade() -> None:
    run_file("0001_foundations.down.sql")
