"""Who may have what, and what is told to who may not."""

import pytest

from jobs.errors import SettingsError, UnavailableError
from jobs.sources.cipher import encrypt
from tests.jobs.exhausts.small_platform import SALT, batch, course, learner, person, user_ids


def test_a_request_for_unknown_and_retired_batches_alone_fails_naming_them(platform):
    request_id = platform.ask("b-none", "b-retired")
    assert platform.answer() == {"failed": 1}
    reason = platform.failure(request_id)
    assert "no batch b-none" in reason
    assert "b-retired is retired" in reason
    assert platform.deliveries(request_id)[0]["facts"]["unknown_batches"] == ["b-none"]


@pytest.mark.parametrize(
    ("batch_id", "found"),
    [("b-broken", "its hierarchy is not valid JSON"), ("b-homeless", "does not hold it")],
)
def test_a_course_that_cannot_be_read_fails_with_a_sentence(platform, batch_id, found):
    request_id = platform.ask(batch_id)
    assert platform.answer() == {"failed": 1}
    assert found in platform.failure(request_id)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"by": "stranger"}, "neither the creator nor a mentor"),
        ({"by": "asha", "channel": "br"}, "belongs to another one"),
    ],
)
def test_who_may_not_have_the_batch_is_told_why(platform, asked, found):
    request_id = platform.ask("b1", **asked)
    platform.answer()
    assert found in platform.failure(request_id)


@pytest.mark.parametrize(
    ("by", "found"),
    [("nobody", "not known"), ("nomail", "no e-mail address"), ("gone", "not active")],
)
def test_whom_no_message_reaches_the_team_hears_of(platform, by, found):
    platform.hold(
        batches=[batch("b1", mentors=["nomail", "gone"])], courses=[course("do_1")],
        people=[person("nomail", email_cipher=None), person("gone", is_active=False)],
    )  # fmt: skip
    request_id = platform.ask("b1", by=by)
    assert platform.answer() == {"failed": 1}
    assert found in platform.request(request_id)["err_message"]
    (told,) = platform.deliveries(request_id)
    assert (told["kind"], told["recipient_role"]) == ("team_notice", "team")
    assert found in told["facts"]["reason"]


def test_an_address_that_does_not_open_makes_the_request_wait_and_not_fail(platform):
    # A wrong key is the platform's mistake: no mentor should have to ask again because of it.
    platform.hold(
        batches=[batch("b1")], courses=[course("do_1")],
        people=[person("asha", email_cipher=encrypt("a@b.example", key="another key 1234", salt=SALT))],
    )  # fmt: skip
    request_id = platform.ask("b1")
    with pytest.raises(SettingsError, match="user asha is there and does not open"):
        platform.answer()

    assert platform.request(request_id)["status"] != "FAILED"
    assert platform.deliveries(request_id) == []


def test_an_administrator_of_another_tenant_gets_that_tenants_learners_only(platform):
    platform.hold(
        progress=[learner("u1"), learner("u2", root_org_id="br")],
        batches=[batch("b1")], courses=[course("do_1")],
        people=[person("br-admin", root_org_id="br", channel="br-channel",
                       roles=[{"role": "ORG_ADMIN", "organisation_ids": ["up"]}]),
                person("asha")],
    )  # fmt: skip
    theirs = platform.ask("b1", by="br-admin", channel="br")
    owners = platform.ask("b1", by="asha", channel="up")
    platform.answer()
    assert user_ids(platform.csv(theirs)) == ["u2"]
    assert platform.facts(theirs)["batches"][0]["left_out"] == {"other_organisation": 1}
    assert user_ids(platform.csv(owners)) == ["u1", "u2"]


def test_system_as_channel_means_the_collections_tenant(platform):
    request_id = platform.ask("b1", channel="System")
    platform.answer()
    assert user_ids(platform.csv(request_id)) == ["u1", "u2", "u3"]


def test_a_tenant_that_asks_for_a_password_gets_no_file_without_one(platform):
    platform.change("INSERT INTO operations.policy VALUES ('up', '*', %s)", PASSWORD)
    bare, locked = platform.ask("b1"), platform.ask("b1", tag="locked", key="k")
    assert platform.answer() == {"failed": 1, "cut": 1, "answered": 1}
    assert "password" in platform.failure(bare)
    assert platform.facts(locked)["is_protected"] is True


PASSWORD = "PASSWORD_PROTECTED_DATASET"


def test_a_policy_that_cannot_be_kept_fails_its_own_tenants_request_only(platform):
    platform.change("INSERT INTO operations.policy VALUES ('up', '*', 'TEXT_KEY')")
    platform.hold(
        progress=[learner("u1")],
        batches=[batch("b1", mentors=["ravi"])], courses=[course("do_1")],
        people=[person("asha"), person("ravi", root_org_id="br", channel="br-channel")],
    )  # fmt: skip
    theirs, others = platform.ask("b1"), platform.ask("b1", by="ravi", channel="br")
    assert platform.answer() == {"failed": 1, "cut": 1, "answered": 1}
    assert "'TEXT_KEY'" in platform.failure(theirs)
    assert platform.request(others)["status"] == "SUCCESS"


def test_a_key_that_does_not_open_is_told_and_not_used(platform):
    request_id = platform.ask("b1")
    platform.change("UPDATE job_request SET encryption_key = 'plain'")
    platform.answer()
    assert "password" in platform.failure(request_id)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('"text"', "not a JSON object"),
        ("{}", "names no batch"),
        ('{"batchId": 7}', "cannot be read"),
    ],
)
def test_a_portals_broken_row_fails_alone(platform, body, found):
    good, bad = platform.ask("b1"), platform.ask("b2")
    platform.change("UPDATE job_request SET request_data = %s WHERE request_id = %s", body, bad)
    platform.change("UPDATE job_request SET iteration = NULL")
    assert platform.answer() == {"cut": 1, "answered": 1, "failed": 1}
    assert found in platform.failure(bad)
    assert platform.request(good)["status"] == "SUCCESS"


def test_too_many_batches_fail_with_the_limit(platform):
    request_id = platform.ask("b1")
    many = '{"batchFilter": [' + ",".join(f'"x{n}"' for n in range(21)) + "]}"
    platform.change("UPDATE job_request SET request_data = %s", many)
    platform.answer()
    assert "one request may name 20" in platform.failure(request_id)


def test_missing_tables_are_named_and_the_request_stays(make_platform):
    bare = make_platform()
    request_id = bare.ask("b1")
    bare.claim()
    with pytest.raises(UnavailableError, match="refresh"):
        bare.cut()
    assert bare.request(request_id)["status"] == "PROCESSING"


def test_missing_platform_keys_are_named(platform, make_platform):
    platform.ask("b1")
    platform.claim()
    platform.settings = make_platform(platform_key=None).settings
    with pytest.raises(SettingsError, match="SUNBIRD_BATCH_PLATFORM_KEY"):
        platform.cut()
    platform.settings = make_platform(platform_key="short").settings
    with pytest.raises(SettingsError, match="promised 16"):
        platform.cut()
