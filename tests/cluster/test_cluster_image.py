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


def test_whatever_a_python_worker_imports_is_in_the_small_image(tmp_path):
    script = tmp_path / "imports.py"
    script.write_text(IMPORTS)
    modules = worker_modules()
    assert "jobs.refresh.encryption" in modules

    ended = subprocess.run(
        [sys.executable, str(script), *modules, "tools.cluster_spark", "tools.cluster_health"],
        env={"PYTHONPATH": str(ROOT), "PATH": ""}, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    has = {name for name, _ in pins("docker/requirements-spark.txt")}
    normal = {name.replace("_", "-").replace(".", "-") for name in json.loads(ended.stdout)}
    assert normal - has == set()
