"""
# Textbook adoption: a state shows a publisher's textbooks as its own

- **What**: Takes in the adoption files of the inbox: rows that are right are applied, the others
  change nothing, and the adopter gets an answer with every error. Then the catalogue of what
  readers see is made anew. Run by hand it is a form: name one file, read what it would do, then
  run it again without the dry run.
- **When**: Every 15 minutes, and then it applies; by hand whenever you like.
- **Inputs**: `<channel>/<user id>/<name>.csv` below `adoptions` in the inbox
  (`SUNBIRD_BATCH_ADOPTION_INBOX`, a folder or a bucket's prefix; else `inbox` in the home); the
  tables `textbooks`, `frameworks`, `contents` and `learners`.
- **Outputs**: `textbook_adoption`, `adoption_file`, `adoption_notice`, `textbook_catalogue`; one
  message per file in the outbox, which `delivery` sends; events below `events/textbook-adoption`
  in the object store. Files that are answered are moved to `adoptions-done`.
- **If late**: States wait, and readers see what was adopted before.
- **If red**: A file is applied whole with its answer, or not at all; the next run takes it in.
  What to do: docs/runbooks/textbook_adoption.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG, Param
from orchestration.alerts import late_after
from orchestration.assets import CONTENTS, FRAMEWORKS, LEARNERS, TEXTBOOK_ADOPTION, TEXTBOOKS
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

FILE = r"^(|[^/\x00-\x1f\x7f]{1,200}/[^/\x00-\x1f\x7f]{1,100}/[^/\x00-\x1f\x7f]{1,200})$"
LINE = r"^[^\x00-\x1f\x7f]{0,200}$"
FORM = {
    "dry_run": Param(
        True, type="boolean", title="Dry run", description="say what would be, and write nothing"
    ),
    "file": Param(
        "",
        type="string",
        pattern=FILE,
        title="File",
        description="<channel>/<user id>/<name>.csv in the inbox; empty: all that wait there",
    ),
    "mode": Param(
        "",
        enum=["", "asis", "medium", "metadata"],
        title="Mode",
        description="what the file must be; empty: as its header says",
    ),
    "board": Param(
        "",
        type="string",
        pattern=LINE,
        title="Board",
        description="only for a file of ids alone, where the tenant has several boards",
    ),
}
# What the clock starts applies: who puts a file into the inbox means it.
DRY = "params.dry_run and dag_run.run_type != 'scheduled'"

with DAG(
    dag_id="textbook_adoption",
    dag_display_name="Textbook adoption: states show a publisher's books",
    description="Applies the adoption files of the inbox and answers their adopters",
    doc_md=page_of(__doc__),
    schedule="*/15 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    deadline=late_after(timedelta(minutes=30)),
    default_args=TASK_DEFAULTS,
    params=FORM,
    tags=["textbooks", "form"],
):
    take_in = JobOperator(
        task_id="take_in",
        # The rest is what a person typed.
        told_arguments=2,
        arguments=[
            "textbooks",
            "take-in",
            f"{{{{ '--dry-run' if {DRY} else '--no-dry-run' }}}}",
            "--file={{ params.file }}",
            "--mode={{ params.mode }}",
            "--board={{ params.board }}",
        ],
        inlets=[TEXTBOOKS, FRAMEWORKS, CONTENTS, LEARNERS],
        outlets=[TEXTBOOK_ADOPTION],
    )
    # Also where no file waited: publishers change their textbooks too.
    catalogue = JobOperator(
        task_id="catalogue",
        arguments=["textbooks", "catalogue", "--refresh"],
        trigger_rule="none_failed",
    )

    take_in >> catalogue
