"""What is proposed to mend in enrolments and scores."""

from jobs.storage.migrations.files import run_file

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_file("0014_repairs.up.sql")


def downgrade() -> None:
    run_file("0014_repairs.down.sql")
