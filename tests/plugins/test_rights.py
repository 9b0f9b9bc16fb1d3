"""The page Sunbird Batch on a real Airflow: who may see and do what."""

import json
import os
import subprocess
import sys

import httpx
import pytest

from tests.plugins.forms import BATCH, HELD, form_of
from tools.airflow_home import ROOT

pytestmark = pytest.mark.usefixtures("something")

WHO = ("nobody", "viewer", "user", "admin")
# Each address as each asks it. A form without its token is refused even to those who may.
RIGHTS = """
    | GET  /                                        | 401 | 200 | 200 | 200 |
    | GET  /trends                                  | 401 | 200 | 200 | 200 |
    | GET  /requests                                | 401 | 200 | 200 | 200 |
    | GET  /requests/new                            | 401 | 403 | 200 | 200 |
    | GET  /requests/new/{batch_id}                 | 401 | 403 | 200 | 200 |
    | POST /requests/new/{batch_id}                 | 401 | 403 | 422 | 422 |
    | GET  /requests/{request_id}                   | 401 | 200 | 200 | 200 |
    | GET  /messages                                | 401 | 200 | 200 | 200 |
    | POST /messages/{delivery_id}/{decision}       | 401 | 403 | 422 | 422 |
    | GET  /tables                                  | 401 | 200 | 200 | 200 |
    | GET  /tables/{name}                           | 401 | 200 | 200 | 200 |
    | GET  /run-books                               | 401 | 200 | 200 | 200 |
    | GET  /run-books/{name}                        | 401 | 200 | 200 | 200 |
    | GET  /static/{name}                           | 401 | 200 | 200 | 200 |
"""
VALUES = {
    "batch_id": BATCH, "request_id": "r1", "delivery_id": HELD, "decision": "drop",
}  # fmt: skip
NAMES = {"tables": "usage_daily", "run-books": "refresh", "static": "page.css"}


def rows(table):
    return [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in table.strip().splitlines()
    ]


@pytest.mark.parametrize("row", rows(RIGHTS), ids=lambda row: row[0])
def test_an_address_answers_those_who_may_and_nobody_else(page, row):
    method, path = row[0].split()
    path = path.format(**VALUES, name=NAMES.get(path.split("/")[1]))

    assert [str(page.ask(method, path, who).status_code) for who in WHO] == row[1:]


def test_the_table_of_rights_names_every_address():
    program = (
        "import json; from sunbird_page.app import application;"
        "print(json.dumps([[sorted(one.methods), one.path] for one in application().routes]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    routes = json.loads(ended.stdout.splitlines()[-1])

    found = {f"{method} {path}" for methods, path in routes for method in methods}
    assert {" ".join(row[0].split()) for row in rows(RIGHTS)} == found


def test_airflow_shows_the_page_in_its_menu_and_a_run_book_at_each_dag(page):
    with_token = {"Authorization": f"Bearer {page.tokens['admin']}"}
    plugins = httpx.get(f"{page.url}/api/v2/plugins", headers=with_token, timeout=30).json()
    views = next(one for one in plugins["plugins"] if one["name"] == "sunbird_batch")

    assert {
        view["name"]: (view["destination"], view["href"]) for view in views["external_views"]
    } == {
        "Sunbird Batch": ("nav", "/sunbird-batch/"),
        "Run book": ("dag", "/sunbird-batch/run-books/{DAG_ID}"),
    }
    errors = httpx.get(f"{page.url}/api/v2/plugins/importErrors", headers=with_token, timeout=30)
    assert errors.json()["import_errors"] == []


def test_a_page_tells_of_requests_and_never_who_asked_nor_runs_what_a_name_holds(page, held):
    texts = [page.get(path).text for path in ("/", "/requests", "/requests/new", "/messages")]

    assert "/requests/r1" in texts[0]
    assert "/requests/r1" in texts[1]
    assert "&lt;script&gt;alert(1)" in texts[2]
    assert not any("the-mentor" in text or "<script>alert" in text for text in texts)


def test_a_page_may_load_nothing_from_elsewhere_and_is_kept_nowhere(page):
    headers = page.get("/").headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store, private"


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ({"token": "made-up"}, {}),
        ({"token": "of the admin"}, {}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"Sec-Fetch-Site": "same-site"}),
    ],
    ids=["made up", "another user's", "from another site", "from a sister site"],
)
def test_a_form_that_this_page_did_not_give_to_this_user_changes_nothing(
    page, page_store, change, headers
):
    form = form_of(page, "user") | {"kind": "progress-exhaust", "asker": "intruder"} | change
    if form["token"] == "of the admin":
        form["token"] = form_of(page, "admin")["token"]

    answer = page.post(f"/requests/new/{BATCH}", "user", headers=headers, **form)

    assert answer.status_code == 403
    with page_store.transaction() as connection:
        found = connection.execute("SELECT 1 FROM job_request WHERE requested_by = 'intruder'")
        assert found.fetchall() == []
