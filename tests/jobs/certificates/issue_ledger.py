"""A certificate that stands in the ledger and in the object store, as the issue leaves it."""

from datetime import UTC, datetime

from jobs.certificates.document.facts import Assets
from jobs.certificates.document.paper import make_certificate
from jobs.certificates.signing.job import open_desk
from tests.jobs.certificates.papers import TEMPLATE, facts_of

ISSUED_AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def issue(settings, store, objects, folder, facts=None):
    """Make it at this home's desk, keep its files, write its row; the certificate and its facts."""
    facts = facts or facts_of()
    made = make_certificate(facts, TEMPLATE, Assets(), open_desk(settings))
    keys = {ending: f"certificates/{facts.certificate_id}.{ending}" for ending in ("pdf", "json")}
    for ending, content in (("pdf", made.pdf), ("json", made.credential)):
        file = folder / f"{facts.certificate_id}.{ending}"
        file.write_bytes(content)
        objects.put(keys[ending], file)
    with store.transaction() as connection:
        approval = connection.execute(
            "INSERT INTO operations.certificate_approval (batch_id, version_id, reason, decision,"
            " learner_count, excluded, decided_by, decided_at, decided_in)"
            " VALUES ('b1', 'v1', 'earned', 'approved', 1, '{}', 'asha', %s, 'command')"
            " RETURNING approval_id",
            [ISSUED_AT],
        ).fetchone()
        connection.execute(
            "INSERT INTO operations.certificate_issued (certificate_id, user_id, course_id,"
            " batch_id, template_id, certificate_type, version_id, completed_at, issued_at,"
            " pdf_key, pdf_sha256, credential_key, credential_sha256, kid, status, approval_id)"
            " VALUES (%s, %s, 'do_1', 'b1', 'do_t1', 'completion', 'v1', %s, %s, %s, %s, %s, %s,"
            " %s, 'ACTIVE', %s)",
            [
                str(facts.certificate_id), facts.user_id, facts.completed_at, ISSUED_AT,
                keys["pdf"], made.pdf_sha256, keys["json"], made.credential_sha256, made.kid,
                approval["approval_id"],
            ],
        )  # fmt: skip
    return made, facts


def revoke(store, facts):
    with store.transaction() as connection:
        connection.execute(
            "UPDATE operations.certificate_issued SET status = 'REVOKED', revoked_at = %s"
            " WHERE certificate_id = %s",
            [ISSUED_AT, str(facts.certificate_id)],
        )
