"""How each tenant wants its files protected, with its keys."""

from jobs.storage.migrations.files import run_file

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_file("0008_protection.up.sql")


def downgrade() -> None:
    run_file("0008_protection.down.sql")
