"""A live platform's templates become versions, with the time between two looks left unsure."""

import base64
import json
from datetime import UTC, datetime

import pytest

from jobs.certificates.associations.job import history, update
from jobs.certificates.watching.job import watch
from jobs.contracts.learning import BATCHES
from jobs.errors import GateError, RequestError
from tests.jobs.certificates.ledger_fixtures import DAY, NOW, png

MERIT = {
    "identifier": "do_m", "name": "Merit", "url": "CLOUD_BASE_PATH/m.svg",
    "criteria": '{"enrollment":{"status":2},"assessment":{"score":{">=":80}}}',
    "issuer": '{"name":"SCERT","url":"https://scert.in"}',
    "signatoryList": '[{"name":"Asha Rao","id":"A","designation":"Director","image":"https://x/a.png"}]',
}  # fmt: skip
PLAIN = MERIT | {"identifier": "do_c", "name": "Done", "criteria": '{"enrollment":{"status":2}}'}


@pytest.fixture
def look(store, objects, publish_rows, make_settings):
    """look({batch id: templates}, day=..., **settings) -> what a watch of such a platform did."""

    def looked(platform, day, *, created_for=("north",), force=False, **settings):
        publish_rows(
            BATCHES,
            [
                {"batch_id": batch_id, "collection_id": "do_1", "created_for": list(created_for),
                 "certificate_templates": list(templates.items()) if templates else templates}
                for batch_id, templates in platform.items()
            ],
            data_as_of=NOW + day * DAY,
        )  # fmt: skip
        now = NOW + day * DAY
        return watch(make_settings(**settings), store, objects, now=now, force=force)

    return looked


def told(store, batch_id="b1"):
    rows = history(store, course_id=None, tenant_id=None, batch_id=batch_id)
    days = [
        tuple(None if row[name] is None else (row[name] - NOW).days
              for name in ("unsure_since", "valid_from", "valid_to", "unsure_until"))
        for row in rows
    ]  # fmt: skip
    return [(row["template_id"], *found) for row, found in zip(rows, days, strict=True)]


def test_first_look_opens_the_ledger_and_each_next_one_writes_only_what_changed(store, look):
    assert look({"b1": {"do_c": PLAIN}}, 0).begun_count == 1
    assert look({"b1": {"do_c": PLAIN}}, 1).begun_count == 0
    assert look({"b1": {"do_c": PLAIN | {"name": "Renamed"}}}, 3).changed_count == 1
    assert look({"b1": {}}, 5).ended_count == 1
    look({"b1": {"do_c": PLAIN}}, 6)

    assert told(store) == [
        ("do_c", None, 0, 1, 3),
        ("do_c", 1, 3, 3, 5),
        ("do_c", 5, 6, None, None),
    ]


def test_look_at_the_same_table_again_does_nothing(store, objects, look, make_settings):
    look({"b1": {"do_c": PLAIN}}, 0)

    assert not watch(make_settings(), store, objects, now=NOW + DAY).is_new
    assert len(told(store)) == 1


def test_templates_of_the_first_look_hold_since_the_agreed_day(store, look):
    look({"b1": {"do_c": PLAIN}}, 0, certificate_baseline_on="2026-01-01")

    [row] = history(store, course_id=None, tenant_id=None, batch_id="b1")
    assert (row["origin"], row["valid_from"]) == (
        "baseline", datetime(2025, 12, 31, 18, 30, tzinfo=UTC),
    )  # fmt: skip


def test_agreed_day_in_the_future_or_of_1970_is_refused(look):
    with pytest.raises(RequestError, match="CERTIFICATE_BASELINE_ON promised"):
        look({"b1": {"do_c": PLAIN}}, 0, certificate_baseline_on="1970-01-01")


def test_same_template_in_another_order_of_its_json_is_no_change(store, look):
    other = PLAIN | {"issuer": '{"url": "https://scert.in", "name": "SCERT"}'}
    look({"b1": {"do_c": PLAIN}}, 0)

    assert look({"b1": {"do_c": other}}, 1).changed_count == 0


def test_batch_that_is_gone_ends_nothing_and_is_counted(store, look):
    look({"b1": {"do_c": PLAIN}, "b2": None}, 0)

    assert look({"b2": None}, 1).gone_batch_count == 1
    assert told(store) == [("do_c", None, 0, None, None)]


def test_loss_of_most_templates_at_once_stops_the_look_unless_it_is_meant(store, look):
    many = {f"b{n}": {"do_c": PLAIN} for n in range(12)}
    look(many, 0)

    with pytest.raises(GateError, match="12 of 12 are gone at once"):
        look({key: {} for key in many}, 1)
    assert look({key: {} for key in many}, 2, force=True).ended_count == 12


def test_row_says_what_the_platform_says_and_flags_what_a_person_should_see(store, look, objects):
    signed = PLAIN | {
        "signatoryList": json.dumps([
            {"name": "Asha Rao", "designation": "Director",
             "image": "data:image/png;base64," + base64.b64encode(png()).decode()},
            {"name": "Ravi"},
        ])
    }  # fmt: skip
    found = look(
        {
            "b1": {"do_m": MERIT, "do_c": signed},
            "b2": {"do_x": {"criteria": "{", "previewUrl": "p.svg"}},
            "b3": {"do_1": PLAIN, "do_2": PLAIN | {"name": " DONE "}, "do_3": MERIT | {"signatoryList": '[{"name":"A","image":"data:image/png;base64,AAAA"}]'}},
        },
        0,
    )  # fmt: skip

    merit, completion = (
        row for row in reversed(history(store, course_id=None, tenant_id=None, batch_id="b1"))
    )
    assert (merit["certificate_type"], merit["issuer_name"]) == ("merit", "SCERT")
    assert merit["signature_url"] == "https://x/a.png"
    assert completion["certificate_type"] == "completion"
    assert completion["flags"] == ["several_signatories"]
    assert objects.exists(completion["signature_key"])
    assert completion["signature_url"] is None
    [broken] = history(store, course_id=None, tenant_id=None, batch_id="b2")
    assert broken["rule"] is None
    assert "not JSON at character 2" in broken["rule_problem"]
    assert (broken["artwork_url"], broken["rule_text"]) == ("p.svg", "{")
    assert broken["flags"] == ["no_artwork", "no_issuer", "no_name"]
    assert found.flags == {
        "id_differs": 3, "name_twice": 2, "no_artwork": 1, "no_issuer": 1, "no_name": 1,
        "several_signatories": 1, "signature_unusable": 1, "type_twice": 2, "rule_unusable": 1,
    }  # fmt: skip


def test_template_of_the_platform_is_not_changed_by_command(store, objects, look, order):
    look({"b1": {"do_c": PLAIN}}, 2)

    with pytest.raises(RequestError, match=r"the platform attached it.*Change it on the platform"):
        update(store, objects, order(batch_id="b1"), now=NOW + 3 * DAY)
