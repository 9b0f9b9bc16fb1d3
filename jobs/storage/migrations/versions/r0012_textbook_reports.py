"""Reports about textbooks and their QR codes."""

from jobs.storage.migrations.files import run_file

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_file("0012_textbook_reports.up.sql")


def downgrade() -> None:
    run_file("0012_textbook_reports.down.sql")
