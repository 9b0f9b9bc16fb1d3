"""What executors import is in the small image, by the versions that the driver has."""

import json
import re
import subprocess
import sys

from tools.airflow_home import ROOT

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)
SENT = re.compile(r"pandas_udf\(|mapIn(?:Pandas|Arrow)\(|applyInPandas\(")
# A worker runs what a plan holds: functions of these modules, and what they read by themselves.
IMPORTS = """
import importlib, sys, json
import importlib.metadata
# What a file beside the packages imports into every Python is not of ours.
before = set(sys.modules)
for name in sys.argv[1:]:
    importlib.import_module(name)
owners = importlib.metadata.packages_distributions()
tops = {
    name.partition(".")[0]
    for name, module in list(sys.modules.items())
    if name not in before and "site-packages" in (getattr(module, "__file__", None) or "")
}
print(json.dumps(sorted({owner.lower() for top in tops for owner in owners.get(top, [])})))
"""


def pins(file):
    return set(PIN.findall((ROOT / file).read_text(encoding="utf-8")))


def worker_modules():
    """The modules whose functions Spark sends to Python workers."""
    files = sorted((ROOT / "jobs").rglob("*.py"))
    return [
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in files
        if SENT.search(file.read_text("utf-8"))
    ]


def test_versions_in_the_small_image_are_those_of_the_driver():
    assert pins("docker/requirements-spark.txt") <= pins("requirements.txt")


def imported_by(modules, folder):
    """The packages that a fresh Python loads for these modules."""
    script = folder / "imports.py"
    script.write_text(IMPORTS)
    ended = subprocess.run(
        [sys.executable, str(script), *modules],
        env={"PYTHONPATH": str(ROOT), "PATH": ""}, cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return {name.replace("_", "-").replace(".", "-") for name in json.loads(ended.stdout)}


def test_whatever_a_python_worker_imports_is_in_the_small_image(tmp_path):
    modules = worker_modules()
    assert "jobs.refresh.encryption" in modules
    found = imported_by([*modules, "tools.cluster_spark", "tools.cluster_health"], tmp_path)

    assert "pyspark" in found
    assert found - {name for name, _ in pins("docker/requirements-spark.txt")} == set()


def test_tools_that_run_in_the_image_need_nothing_that_only_developers_have(tmp_path):
    tools = ("setup", "certificate", "health", "hardening", "backup")
    found = imported_by([f"tools.cluster_{name}" for name in tools], tmp_path)

    assert {"psycopg", "cryptography"} <= found
    assert found - {name for name, _ in pins("requirements.txt")} == set()
