import csv
import io
from datetime import timedelta

import pytest

from jobs.errors import GateError, RequestError
from tests.jobs.certificates.night_fixtures import COMPLETED, FIRST, NEXT, THIRD


def decide(store, decision="rejected", user_id="asha"):
    with store.transaction() as connection:
        connection.execute(
            "WITH made AS (INSERT INTO operations.certificate_approval (batch_id, version_id,"
            " reason, decision, learner_count, excluded, decided_by, decided_at, decided_in)"
            " VALUES ('b1', 'v', 'earned', %s, 1, '{}', 'meena', now(), 'command')"
            " RETURNING approval_id) UPDATE operations.missed_certificate SET state = %s,"
            " approval_id = (SELECT approval_id FROM made) WHERE user_id = %s",
            [decision, decision, user_id],
        )


def seen(ask):
    return ask(
        "SELECT user_id, state, first_seen_at, last_seen_at FROM operations.missed_certificate"
    )


def test_case_65_a_finding_is_new_once_and_then_pending_with_its_first_night(night, finding, ask):
    first = night(FIRST, finding("asha"))
    second = night(NEXT, finding("asha"), finding("ravi"))

    assert first.counts["by_state"] == {"new": 1}
    assert second.counts["by_state"] == {"new": 1, "pending": 1}
    assert sorted(seen(ask)) == [("asha", "pending", FIRST, NEXT), ("ravi", "new", NEXT, NEXT)]


def test_case_61_the_same_night_twice_is_the_same_report_and_one_message(night, finding, ask):
    rows = [finding("asha"), finding("ravi", reason="no_tenant")]

    first = night(FIRST, *rows)
    once = seen(ask)
    again = night(FIRST, *rows)

    assert again == first
    assert seen(ask) == once
    assert ask("SELECT count(*) FROM operations.delivery") == [(1,)]


def test_case_63_a_rejected_finding_is_remembered_until_its_facts_change(
    night, finding, states, store
):
    night(FIRST, finding("asha"))
    decide(store)

    after = night(NEXT, finding("asha"))
    assert (states(), after.counts["by_state"]) == ({"asha": "rejected"}, {})

    changed = night(THIRD, finding("asha", completed_at=COMPLETED + timedelta(days=1)))
    assert changed.counts["by_state"] == {"pending": 1}


def test_case_62_what_is_no_longer_found_was_settled_elsewhere_even_when_approved(
    night, finding, states, store
):
    night(FIRST, finding("asha"), finding("ravi"))
    decide(store, "approved", "ravi")

    after = night(NEXT)

    assert states() == {"asha": "resolved", "ravi": "resolved"}
    assert after.counts["by_state"] == {"resolved": 2}


def test_what_waits_for_a_person_is_held_and_open_again_once_it_is_mended(night, finding, states):
    night(FIRST, finding("asha", reason="unsure_version"))
    assert states() == {"asha": "held"}

    night(NEXT, finding("asha"))
    assert states() == {"asha": "pending"}


def test_an_approved_finding_stays_approved_while_its_facts_do(night, finding, states, store):
    night(FIRST, finding("asha"))
    decide(store, "approved")

    night(NEXT, finding("asha"))
    assert states() == {"asha": "approved"}

    night(THIRD, finding("asha", reason="revoked"))
    assert states() == {"asha": "held"}


def test_problems_are_the_list_of_tonight_with_the_night_that_saw_them_first(night, ask):
    asha = {
        "user_id": "asha", "course_id": "do_1", "batch_id": "b1", "version_id": "",
        "problem": "no_completion_date",
    }  # fmt: skip
    night(FIRST, unclear=[asha, asha | {"user_id": "ravi"}])
    second = night(NEXT, unclear=[asha])

    assert second.counts["problems"] == {"no_completion_date": 1}
    assert ask("SELECT user_id, first_seen_at FROM operations.certificate_problem") == [
        ("asha", FIRST)
    ]


def test_an_older_night_is_refused_and_a_dry_run_leaves_nothing(night, finding, states, ask):
    night(NEXT, finding("asha"))

    with pytest.raises(RequestError, match="published already"):
        night(FIRST, finding("ravi"))
    would_be = night(THIRD, finding("ravi"), dry_run=True)

    assert would_be.counts["by_state"] == {"new": 1, "resolved": 1}
    assert states() == {"asha": "new"}
    assert ask("SELECT count(*) FROM operations.delivery") == [(1,)]


def test_a_source_that_was_cut_off_settles_nothing(night, finding, states, ask):
    night(FIRST, *(finding(f"u{n:03}") for n in range(120)))

    with pytest.raises(GateError, match="not nearly all are resolved"):
        night(NEXT, finding("u000"))

    assert set(states().values()) == {"new"}
    assert ask(
        "SELECT found_count FROM operations.gate_verdict WHERE verdict = 'failed'"
    ) == [(1,)]  # fmt: skip


def test_a_version_that_the_ledger_does_not_have_stops_the_night(night, finding, states):
    with pytest.raises(GateError, match="every version is in the ledger"):
        night(FIRST, finding("asha", version_id="made up"))

    assert states() == {}


def test_the_list_holds_ids_and_runs_no_formula(night, finding, objects):
    done = night(
        FIRST, finding("asha", template_name="=1+1", flags="{lag_boundary}", cause="@SUM(1)")
    )

    text = objects.read(done.report_key).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["user_id"], row["template_name"], row["cause"]) == ("asha", "'=1+1", "'@SUM(1)")
    assert (row["flags"], row["age_days"], row["state"]) == ("lag_boundary", "0", "new")


def test_without_a_mailbox_the_list_is_kept_and_nobody_is_written_to(
    night, finding, make_settings, ask, objects
):
    done = night(FIRST, finding("asha"), settings=make_settings())

    assert objects.exists(done.report_key)
    assert ask("SELECT count(*) FROM operations.delivery") == [(0,)]


def test_case_66_a_whole_batch_missed_is_one_line_by_batch(night, finding, ask):
    night(
        FIRST,
        *(finding(f"u{n}") for n in range(30)),
        finding("u0", batch_id="b2", reason="no_name"),
        tally={"met": 31, "not_met": 7, "unknown: no_score": 2},
    )

    [(facts,)] = ask("SELECT facts FROM operations.delivery")
    assert [(one["batch_id"], one["new"], one["held"]) for one in facts["batches"]] == [
        ("b1", 30, 0),
        ("b2", 0, 1),
    ]
    assert facts["batches"][0]["course_name"] == "Reading"
    assert facts["not_earned"] == {"not_met": 7, "no_score": 2}
    assert "u0" not in str(facts)
