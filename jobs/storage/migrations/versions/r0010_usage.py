"""Usage of a day: scans, downloads, plays, sessions."""

from jobs.storage.migrations.files import run_file

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_file("0010_usage.up.sql")


def downgrade() -> None:
    run_file("0010_usage.down.sql")
