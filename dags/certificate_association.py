"""
# Certificate association: what is attached to a course or batch

- **What**: Attaches, updates or removes the certificate of a course within a tenant or of one
  batch, or gives an issuer a new signature. It is a form: fill it in, run it, read what it would
  do, then run it again without the dry run.
- **When**: When a person runs it. Never by itself.
- **Inputs**: The form; the tables `batches` and `collections`; the files of pictures, which the
  worker must be able to read.
- **Outputs**: Versions in `operations.certificate_associations`, pictures in the object store. The
  task's XCom `result` says how many versions ended and began.
- **If late**: Who completes a course before its certificate is attached does not earn it.
- **If red**: Nothing was written; the last line of the log says what was promised, what was found
  and what to do. More: docs/runbooks/certificate_association.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG, Param
from orchestration.alerts import late_after
from orchestration.assets import BATCHES, CERTIFICATE_ASSOCIATIONS, COLLECTIONS
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

ID = r"^[A-Za-z0-9_.:\-]{0,100}$"
LINE = r"^[^\x00-\x1f\x7f]{0,500}$"
FILE = r"^(|/.+\.(png|PNG|jpg|JPG|jpeg|JPEG))$"
DAY = r"^(|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?)$"
WHERE = "Where"
WHAT = "What"
SIGNED = "Who signs (only for new-signature)"


def text(title: str, pattern: str, description: str, section: str, **more: str) -> Param:
    """A field that may stay empty."""
    return Param(
        "", type="string", pattern=pattern, title=title, description=description, section=section,
        **more,
    )  # fmt: skip


FORM = {
    "action": Param(
        "attach",
        enum=["attach", "update", "remove", "new-signature"],
        title="Action",
        description="attach where none is; update or remove what is attached; or give an issuer a"
        " new signatory or signature, for all that it is attached to",
    ),
    "dry_run": Param(
        True, type="boolean", title="Dry run", description="say what would be, and write nothing"
    ),
    "reason": Param(
        "as the state asked",
        type="string",
        minLength=3,
        maxLength=500,
        pattern=LINE,
        title="Reason",
        description="kept with the version, for those who ask why",
    ),
    "type": Param(
        "completion",
        enum=["completion", "merit"],
        title="Type of certificate",
        description="a place has at most one of each",
        section=WHERE,
    ),
    "course": text("Course", ID, "the course's id; with a tenant", WHERE),
    "tenant": text("Tenant", ID, "the organisation whose batches have it", WHERE),
    "batch": text("Batch", ID, "or one batch alone: then neither course nor tenant", WHERE),
    "template": text("Template", ID, "the template's id", WHAT),
    "name": text("Name", LINE, "the name that the certificates bear", WHAT),
    "description": text("Description", LINE, "what it is given for, in a sentence", WHAT),
    "artwork": text("Artwork", FILE, "path of a PNG or JPEG file that the worker can read", WHAT),
    "issuer": text("Issuer", ID, "the issuer's id: `certificate issuer list` shows them", WHAT),
    "rule": text(
        "Rule",
        r"^[\s\S]{0,20000}$",
        'who earns it, as JSON: {"enrollment":{"status":2},"assessment":{"score":{">=":80}}};'
        " empty: who completes the course",
        WHAT,
        format="multiline",
    ),
    "since": text(
        "Since",
        DAY,
        "only for attach, where nothing was ever attached: the day since when it is agreed to be"
        " there, such as 2026-04-01; empty: from now on",
        WHAT,
    ),
    "signatory": text("Signatory", LINE, "who signs for the issuer", SIGNED),
    "designation": text("Office", LINE, "the signatory's office", SIGNED),
    "signature": text("Signature", FILE, "path of a PNG or JPEG file of the signature", SIGNED),
}
FIELDS = [name for name in FORM if name not in ("action", "dry_run")]

with DAG(
    dag_id="certificate_association",
    dag_display_name="Certificate association: attach, update, remove",
    description="A form that changes which certificate a course or batch gives",
    doc_md=page_of(__doc__),
    schedule=None,
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    deadline=late_after(timedelta(minutes=20)),
    default_args=TASK_DEFAULTS,
    params=FORM,
    tags=["certificates", "form"],
):
    change = JobOperator(
        task_id="change",
        # The rest is what a person typed.
        told_arguments=3,
        arguments=[
            "certificate",
            "form",
            "--action={{ params.action }}",
            "{{ '--dry-run' if params.dry_run else '--no-dry-run' }}",
            "--by={{ dag_run.triggering_user_name or 'airflow' }}",
            *(f"--{name}={{{{ params.{name} }}}}" for name in FIELDS),
        ],
        inlets=[BATCHES, COLLECTIONS],
        outlets=[CERTIFICATE_ASSOCIATIONS],
    )
