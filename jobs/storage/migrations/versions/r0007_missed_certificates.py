"""Learners who earned a certificate and have none, and what was decided."""

from jobs.storage.migrations.files import run_file

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_file("0007_missed_certificates.up.sql")


def downgrade() -> None:
    run_file("0007_missed_certificates.down.sql")
