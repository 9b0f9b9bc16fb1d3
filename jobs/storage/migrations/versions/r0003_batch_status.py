"""The status of every batch, its changes, and what the LMS was not told yet."""

from jobs.storage.migrations.files import run_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_file("0003_batch_status.up.sql")


def downgrade() -> None:
    run_file("0003_batch_status.down.sql")
