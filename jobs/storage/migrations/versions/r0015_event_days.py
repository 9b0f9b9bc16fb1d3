"""Which days of usage events were made of what."""

from jobs.storage.migrations.files import run_file

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_file("0015_event_days.up.sql")


def downgrade() -> None:
    run_file("0015_event_days.down.sql")
