"""Bounced messages, addresses that take none, and the minutes that answers took."""

from jobs.storage.migrations.files import run_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_file("0002_bounces.up.sql")


def downgrade() -> None:
    run_file("0002_bounces.down.sql")
