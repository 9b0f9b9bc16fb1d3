"""Whether this Airflow is hardened as a production's must be: twelve lines, each with its reason.

`python -m tools.cluster_hardening` judges the settings that are in effect where it runs, whatever
they come from: `docker compose exec airflow-scheduler python -m tools.cluster_hardening`.
"""

import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from tools.airflow_home import ROOT

SHORTEST_SECRET = 32
# Names that a form of ours never has: what a mentor, a learner or a key is called and reached by.
PERSONAL = re.compile(r"mail|phone|mobile|birth|dob|password|secret|learner_?name|user_?name", re.I)
# These DAGs handle people's data: what they work on, they find in the store.
WITHOUT_FORM = {"exhaust", "delivery", "privacy"}


class Conf(Protocol):
    """Airflow's configuration."""

    def get(self, section: str, key: str, *, fallback: str = "") -> str: ...

    def getboolean(self, section: str, key: str) -> bool: ...

    def getint(self, section: str, key: str) -> int: ...


def logins(conf: Conf, dags: Any) -> str:
    manager = conf.get("core", "auth_manager")
    return "" if "Simple" not in manager else f"[core] auth_manager is {manager}: for development"


def nobody_is_admin_unasked(conf: Conf, dags: Any) -> str:
    everybody = conf.getboolean("core", "simple_auth_manager_all_admins")
    return "[core] simple_auth_manager_all_admins lets everybody in" if everybody else ""


def connections_are_encrypted(conf: Conf, dags: Any) -> str:
    from cryptography.fernet import Fernet

    keys = [key for key in conf.get("core", "fernet_key").split(",") if key]
    try:
        # The first encrypts; the others, of before a rotation, still open.
        return "" if [Fernet(key) for key in keys] else "[core] fernet_key is not set"
    except ValueError:
        return "[core] fernet_key is no Fernet key"


def tokens_are_signed_alike(conf: Conf, dags: Any) -> str:
    return too_short(conf, "api_auth", "jwt_secret", 64)


def server_tells_nothing(conf: Conf, dags: Any) -> str:
    told = [key for key in ("expose_config", "expose_stacktrace") if conf.getboolean("api", key)]
    if told:
        return f"[api] {', '.join(told)} shows what visitors need not know"
    return too_short(conf, "api", "secret_key", SHORTEST_SECRET)


def connections_cannot_be_tried(conf: Conf, dags: Any) -> str:
    found = conf.get("core", "test_connection")
    return "" if found == "Disabled" else f"[core] test_connection is {found}"


def only_airflow_is_unpacked(conf: Conf, dags: Any) -> str:
    wide = conf.get("core", "allowed_deserialization_classes").split() != ["airflow.*"]
    wide = wide or bool(conf.get("core", "allowed_deserialization_classes_regexp"))
    return "[core] allowed_deserialization_classes is wider than airflow.*" if wide else ""


def secrets_are_masked(conf: Conf, dags: Any) -> str:
    names = conf.get("core", "sensitive_var_conn_names").split(",")
    if "platform_key" not in names or not conf.getboolean("core", "hide_sensitive_var_conn_fields"):
        return "[core] sensitive_var_conn_names does not name the platform's key"
    shortest = conf.getint("logging", "min_length_masked_secret")
    return "" if shortest <= 16 else f"[logging] min_length_masked_secret is {shortest}"


def no_page_of_the_api(conf: Conf, dags: Any) -> str:
    shown = conf.getboolean("api", "enable_swagger_ui")
    return "[api] enable_swagger_ui shows every endpoint" if shown else ""


def clicks_are_confirmed(conf: Conf, dags: Any) -> str:
    asked = conf.getboolean("api", "require_confirmation_dag_change")
    return "" if asked else "[api] require_confirmation_dag_change is off"


def every_dag_has_rights(conf: Conf, dags: Any) -> str:
    files = [dag.fileloc for dag in dags]
    shared = {name for name in files if files.count(name) > 1}
    if shared:
        return f"DAGs share a file, whose source both sides read: {', '.join(sorted(shared))}"
    any_run = sorted(
        dag.dag_id for dag in dags if "exhaust" in dag.tags and not dag.allowed_run_types
    )
    if any_run:
        return f"exhausts that any kind of run starts: {', '.join(any_run)}"
    open_to_all = sorted(dag.dag_id for dag in dags if dag.access_control is None)
    return f"DAGs without rights of their own: {', '.join(open_to_all)}" if open_to_all else ""


def forms_hold_ids_only(conf: Conf, dags: Any) -> str:
    wrong = sorted(
        f"{dag.dag_id}.{name}"
        for dag in dags
        for name in dag.params
        if PERSONAL.search(name) or WITHOUT_FORM & set(dag.tags)
    )
    return f"a run's conf is read by every viewer, and holds: {', '.join(wrong)}" if wrong else ""


def too_short(conf: Conf, section: str, key: str, least: int) -> str:
    length = len(conf.get(section, key))
    return "" if length >= least else f"[{section}] {key} has {length} characters, not {least}"


CHECKS: dict[str, Callable[[Conf, Any], str]] = {
    "people log in with names, roles and hashed passwords": logins,
    "nobody is an administrator unasked": nobody_is_admin_unasked,
    "connections are stored encrypted": connections_are_encrypted,
    "all parts sign tokens with one long secret": tokens_are_signed_alike,
    "the server shows neither settings nor stack traces": server_tells_nothing,
    "connections cannot be tried out from the UI": connections_cannot_be_tried,
    "nothing but Airflow's own classes is unpacked": only_airflow_is_unpacked,
    "secrets are masked in the UI and in logs": secrets_are_masked,
    "there is no page to try every endpoint": no_page_of_the_api,
    "a click that changes something is confirmed": clicks_are_confirmed,
    "every DAG has a file and rights of its own": every_dag_has_rights,
    "a run's conf holds ids, never people": forms_hold_ids_only,
}


def judge(conf: Conf, dags: Iterable[Any]) -> dict[str, str]:
    """What is promised, to why it does not hold; empty where it holds."""
    known = list(dags)
    return {promise: check(conf, known) for promise, check in CHECKS.items()}


def main() -> int:
    from airflow.configuration import conf
    from airflow.dag_processing.dagbag import DagBag

    verdicts = judge(conf, DagBag(ROOT / "dags").dags.values())
    for promise, problem in verdicts.items():
        print(f"{'NO ' if problem else 'yes'}  {promise}{f': {problem}' if problem else ''}")
    kept = sum(not problem for problem in verdicts.values())
    print(f"{kept} of {len(verdicts)}")
    return 0 if kept == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
