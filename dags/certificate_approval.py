"""
# Certificate approval: a person says whether what was found is issued

- **What**: Asks, for each batch and template version with findings, whether their certificates are
  issued. Answer under **Required Actions**: Approve, Reject or Later; `exclude` takes user ids to
  leave out, `note` your reason. At most ten questions a run (`SUNBIRD_BATCH_CERTIFICATE_GROUPS`).
- **When**: After each published night. One run waits at a time, up to two days; what nobody
  answered is asked again by the next run. No night waits for it.
- **Inputs**: `missed_certificate`: what is new or pending, and what could not be issued.
- **Outputs**: `certificate_approval`: who decided what, when and for how many; the findings become
  approved or rejected. Nothing is issued here: see the DAG certificate_issue.
- **If late**: Learners wait. `python -m jobs certificate ask` lists what is open, and
  `certificate approve` and `certificate reject` answer it without Airflow.
- **If red**: An answer that could not be kept was not taken: its findings stay open and are asked
  about again. What to do: docs/runbooks/certificate_approval.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Param, task_group
from orchestration.assets import CERTIFICATE_APPROVAL, MISSED_CERTIFICATE
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

# What the person answered to this question; Airflow keeps it as the XCom of the asking task.
SAID = "ti.xcom_pull(task_ids='decide.ask', map_indexes=ti.map_index)"
TYPED = f"({SAID}.params_input or {{}})"

with DAG(
    dag_id="certificate_approval",
    dag_display_name="Certificate approval: a person decides",
    description="Asks whether missed certificates are issued, and keeps the answer",
    doc_md=page_of(__doc__),
    schedule=[MISSED_CERTIFICATE],
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    tags=["certificates", "approval"],
):
    questions = JobOperator(
        task_id="questions",
        arguments=["certificate", "ask", "--json"],
        inlets=[MISSED_CERTIFICATE],
    )

    # A function, because each answer is kept as soon as it is given, whatever waits beside it.
    @task_group
    def decide(question: dict[str, str]) -> None:
        ask = HITLOperator(
            task_id="ask",
            subject="{{ ti.xcom_pull(task_ids='questions')[ti.map_index].subject }}",
            body="{{ ti.xcom_pull(task_ids='questions')[ti.map_index].body }}",
            options=["Approve", "Reject", "Later"],
            defaults=["Later"],
            # Free text: an answer that breaks a schema is stored, fails the task and cannot be
            # changed any more. The command that keeps it checks it.
            params={
                "exclude": Param("", type=["null", "string"], title="User ids to leave out"),
                "note": Param("", type=["null", "string"], title="Your reason"),
            },
            response_timeout=timedelta(days=2),
            execution_timeout=None,
        )
        keep = JobOperator(
            task_id="keep",
            told_arguments=2,
            outlets=[CERTIFICATE_APPROVAL],
            arguments=[
                "certificate",
                "answer",
                "--question",
                "{{ ti.xcom_pull(task_ids='questions')[ti.map_index] | tojson }}",
                "--chosen",
                f"{{{{ {SAID}.chosen_options[0] }}}}",
                "--by",
                f"{{{{ ({SAID}.responded_by_user or {{}}).get('name') or 'nobody' }}}}",
                "--exclude",
                f"{{{{ {TYPED}.get('exclude') or '' }}}}",
                "--note",
                f"{{{{ {TYPED}.get('note') or '' }}}}",
            ],
        )
        ask >> keep

    decide.expand(question=questions.output)
