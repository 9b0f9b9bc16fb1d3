"""The ledger of certificate templates and the register of issuers."""

from jobs.storage.migrations.files import run_file

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_file("0006_certificates.up.sql")


def downgrade() -> None:
    run_file("0006_certificates.down.sql")
