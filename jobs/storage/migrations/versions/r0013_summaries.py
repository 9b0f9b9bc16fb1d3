"""Group activity and the collection summary."""

from jobs.storage.migrations.files import run_file

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_file("0013_summaries.up.sql")


def downgrade() -> None:
    run_file("0013_summaries.down.sql")
