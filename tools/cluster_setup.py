"""Brings the cluster's databases, roles, secrets and bucket to what this version needs.

`python -m tools.cluster_setup` is the service `setup` of compose.yaml. Every step looks first, so
it may be run again at any time, and is, whenever the cluster starts.
"""

import os
import sys
from pathlib import Path

from jobs.settings import Settings, load_settings
from jobs.storage.bucket import client
from jobs.storage.store import open_store
from tools.airflow_home import LOGIN, ROOT, run_airflow, write_private
from tools.cluster_databases import login_of, prepare_databases

SPARK_DEFAULTS = """\
# Made by the setup. Who has not the secret can neither submit to this cluster nor read its traffic.
spark.authenticate true
spark.authenticate.secret {secret}
spark.network.crypto.enabled true
# The other door for submissions knows no secret, and pages need no button that ends others' work.
spark.master.rest.enabled false
spark.ui.killEnabled false
spark.worker.cleanup.enabled true
spark.worker.cleanup.appDataTtl 86400
"""


def main() -> int:
    settings = load_settings()
    prepare_databases(
        os.environ["CLUSTER_ADMIN_URL"],
        store=login_of(secret(settings.store_url)),
        airflow=login_of(os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]),
        readers={
            "operator": login_of(secret(settings.operator_store_url)),
            "analyst": login_of(secret(settings.analyst_store_url)),
        },
    )
    print("Databases and roles: ready", flush=True)
    with open_store(settings):
        print("Store: migrated", flush=True)
    write_spark_defaults(settings.home, os.environ["CLUSTER_SPARK_SECRET"])
    make_bucket(settings)
    run_airflow(["db", "migrate"], dict(os.environ))
    print("Airflow: its database is migrated", flush=True)
    prepare_airflow(os.environ["CLUSTER_ADMIN_PASSWORD"])
    print("Airflow: roles, pool and first login are there", flush=True)
    return 0


def secret(url: object) -> str:
    if url is None:
        raise SystemExit("The cluster's settings name no store: see compose.yaml.")
    return str(url.get_secret_value())  # type: ignore[attr-defined]


def write_spark_defaults(home: Path, spark_secret: str) -> Path:
    """The folder that SPARK_CONF_DIR names for masters, workers and drivers."""
    file = home / "secrets" / "spark" / "spark-defaults.conf"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(file, SPARK_DEFAULTS.format(secret=spark_secret))
    return file.parent


def make_bucket(settings: Settings) -> None:
    bucket = str(settings.objects_url).removeprefix("s3://").partition("/")[0]
    s3 = client(settings.s3_endpoint_url, settings.s3_region)
    if bucket not in [known["Name"] for known in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": settings.s3_region}
        )
    print(f"Bucket {bucket}: there", flush=True)


def prepare_airflow(password: str) -> None:
    """The roles of orchestration.rights, the pool, and a first login where there is none."""
    from airflow.models.pool import Pool
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    sys.path.append(str(ROOT / "plugins"))
    from orchestration.rights import roles

    with get_application_builder() as builder:
        manager = builder.sm
        manager.sync_roles()
        for name, permissions in roles().items():
            role = manager.add_role(name)
            for action, resource in permissions:
                manager.add_permission_to_role(role, manager.create_permission(action, resource))
        # A password that was changed in the UI stays changed.
        if manager.find_user(username=LOGIN) is None:
            manager.add_user(
                LOGIN,
                "First",
                "Login",
                "admin@sunbird.invalid",
                manager.find_role("Admin"),
                password,
            )
    Pool.create_or_update_pool(
        "spark", 1, "One Spark application at a time", include_deferred=False
    )


if __name__ == "__main__":
    sys.exit(main())
