"""Links in mails to files that are too large for one, and their openings."""

from jobs.storage.migrations.files import run_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_file("0004_links.up.sql")


def downgrade() -> None:
    run_file("0004_links.down.sql")
