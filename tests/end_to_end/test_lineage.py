"""A command with Spark, as a process of its own, tells a real server what it read and made."""

import pytest


@pytest.mark.full
def test_a_refresh_is_told_as_raw_tables_that_became_clean_ones(
    sunbird, run_command, lineage_server
):
    told_to = sunbird.environment(openlineage_url=lineage_server.url, openlineage_namespace="north")
    ended = run_command(told_to, "refresh", "learners")

    assert ended.returncode == 0, ended.stderr[-2000:]
    start, end = lineage_server.events
    assert [start["eventType"], end["eventType"]] == ["START", "COMPLETE"]
    assert end["job"] == {"namespace": "north", "name": "refresh", "facets": {}}
    assert {one["name"] for one in end["inputs"]} >= {"users", "organisation"}
    assert {one["namespace"] for one in end["inputs"]} <= {
        "sunbird-lake://raw", "sunbird-lake://clean",
    }  # fmt: skip
    assert [(one["namespace"], one["name"]) for one in end["outputs"]] == [
        ("sunbird-lake://clean", "learners")
    ]
    sent = "".join(body for _, body in lineage_server.bodies)
    assert str(sunbird.home) not in sent
