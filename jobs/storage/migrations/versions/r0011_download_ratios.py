"""Download ratios of certificates and reports."""

from jobs.storage.migrations.files import run_file

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_file("0011_download_ratios.up.sql")


def downgrade() -> None:
    run_file("0011_download_ratios.down.sql")
