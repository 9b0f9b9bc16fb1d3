"""Who may see and start which DAG: the roles of a production's Airflow beside its own.

Airflow's own roles stay: Admin, Op (everything that runs), User and Viewer (every DAG).
"""

SEE = frozenset({"can_read"})
RUN = frozenset({"can_read", "can_edit"})

# Role to the DAGs that it may start (and answer, where a person is asked) and those it only sees.
STARTS = {
    "Help desk": (
        "progress_exhaust", "response_exhaust", "userinfo_exhaust", "delivery", "batch_status",
    ),
    "Certificate desk": (
        "certificate_approval", "certificate_association", "certificate_issue",
        "certificate_watch", "missed_certificates",
    ),
    "Textbook desk": ("textbook_adoption", "textbook_reports"),
    "Analyst": ("usage_weekly",),
}  # fmt: skip
SEES = {
    "Help desk": ("refresh",),
    "Certificate desk": ("refresh",),
    "Textbook desk": (),
    "Analyst": (
        "collection_summary", "group_activity", "missed_certificates", "refresh",
        "textbook_reports", "usage_metrics",
    ),
}  # fmt: skip

# A DAG that gives out files about people starts by the clock or by somebody who is named, and never
# as a backfill: it answers what is asked now.
EXHAUST = "exhaust"
RUNS_OF_EXHAUSTS = ("scheduled", "manual")

# What a role needs beside its DAGs: to log in, and to look at the runs and logs of those.
EVERYBODY = (
    ("can_read", "Website"),
    # The page Sunbird Batch in the menu; what it shows, it asks per DAG.
    ("can_read", "Plugins"),
    ("can_read", "My Profile"),
    ("can_edit", "My Profile"),
    ("can_read", "My Password"),
    ("can_edit", "My Password"),
    ("can_read", "DAG Runs"),
    ("can_create", "DAG Runs"),
    ("can_read", "DAG Versions"),
    ("can_read", "Task Instances"),
    ("can_read", "Task Logs"),
    ("can_read", "XComs"),
    ("menu_access", "DAGs"),
)
ANSWERS = (("can_read", "HITL Detail"), ("can_edit", "HITL Detail"))
MAY_ANSWER = frozenset({"Certificate desk"})


def roles() -> dict[str, tuple[tuple[str, str], ...]]:
    """Role to its permissions (action, resource) that are not about one DAG."""
    return {role: EVERYBODY + (ANSWERS if role in MAY_ANSWER else ()) for role in STARTS}


def access_of(dag_id: str) -> dict[str, dict[str, frozenset[str]]]:
    """Role to what it may do with this DAG and its runs; a DAG in no list is the team's alone."""
    access = {role: {"DAGs": SEE} for role, dag_ids in SEES.items() if dag_id in dag_ids}
    for role, dag_ids in STARTS.items():
        if dag_id in dag_ids:
            access[role] = {"DAGs": RUN, "DAG Runs": frozenset({"can_create"})}
    return access
