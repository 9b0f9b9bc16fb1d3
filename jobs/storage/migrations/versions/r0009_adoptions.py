"""Textbooks that a state adopted from their publisher."""

from jobs.storage.migrations.files import run_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_file("0009_adoptions.up.sql")


def downgrade() -> None:
    run_file("0009_adoptions.down.sql")
