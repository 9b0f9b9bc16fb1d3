"""The team reads as operator, analysts read the metrics alone."""

from jobs.storage.migrations.files import run_file

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_file("0016_operator.up.sql")


def downgrade() -> None:
    run_file("0016_operator.down.sql")
