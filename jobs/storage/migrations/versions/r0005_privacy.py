"""The audit log, and what proves that personal data is gone."""

from jobs.storage.migrations.files import run_file

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_file("0005_privacy.up.sql")


def downgrade() -> None:
    run_file("0005_privacy.down.sql")
