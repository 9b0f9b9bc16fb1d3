"""Requests from the asking to the outbox, on a real store and real files, without Spark."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import pyzipper

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS, ENROLMENTS, LEARNERS
from jobs.errors import RequestError, SettingsError, UnavailableError
from jobs.exhausts import job
from jobs.sources import cipher
from jobs.storage.mail import open_mail
from jobs.storage.snapshots import Quarantined

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # the 22nd in India
DATA_AS_OF = NOW - timedelta(minutes=10)
KIND = "progress-exhaust"
KEY, SALT = "0123456789abcdef", "salt"


def sealed(text):
    return cipher.encrypt(text, key=KEY, salt=SALT)


def person(user_id, **values):
    return {
        "user_id": user_id, "root_org_id": "up", "channel": "up-channel", "is_active": True,
        "email_cipher": sealed(f"{user_id}@example.org"), **values,
    }  # fmt: skip


def learner(user_id, batch_id="b1", **values):
    return {
        "batch_id": batch_id, "user_id": user_id, "collection_id": "do_1", "is_known": True,
        "root_org_id": "up", "has_certificate": False, "stage": "in_progress",
        "progress_pct": 50, "enrolled_on": date(2026, 11, 1), **values,
    }  # fmt: skip


def batch(batch_id, collection_id="do_1", **values):
    return {
        "batch_id": batch_id, "collection_id": collection_id, "batch_name": f"Batch {batch_id}",
        "created_by": "asha", "mentors": ["meera"], "created_for": ["up"], **values,
    }  # fmt: skip


def course(collection_id, **values):
    return {
        "collection_id": collection_id, "collection_name": "Teaching Fractions", "status": "Live",
        "channel": "up", "leaf_nodes": ["do_a"], "mandatory_nodes": ["do_a"],
        "modules": [{"id": "do_m", "name": "First", "mandatory_nodes": ["do_a"]}],
        "assessments": [{"id": "do_q", "name": "Quiz"}], **values,
    }  # fmt: skip


class Platform:
    """One small platform and what happens to its requests."""

    def __init__(self, settings, store, objects, publish_rows):
        self.settings, self.store, self.objects = settings, store, objects
        self.publish_rows = publish_rows
        self.data_as_of = DATA_AS_OF

    def hold(self, *, progress=(), batches=(), courses=(), people=(), quarantined=()):
        """Publish the tables; a second time, newer ones."""
        for contract, rows in (
            (PROGRESS, progress),
            (BATCHES, batches),
            (COLLECTIONS, courses),
            (LEARNERS, people),
        ):
            self.publish_rows(contract, list(rows), data_as_of=self.data_as_of)
        self.publish_rows(ENROLMENTS, [], data_as_of=self.data_as_of, quarantined=list(quarantined))
        self.data_as_of += timedelta(seconds=1)

    def ask(self, *batch_ids, by="asha", channel="up", now=NOW, **values):
        return job.submit_request(
            self.settings, self.store, kind=KIND, batch_ids=batch_ids, requested_by=by,
            channel=channel, now=now, **values,
        )  # fmt: skip

    def claim(self, run_id="run", now=NOW):
        return job.run_claim(self.settings, self.store, kind=KIND, run_id=run_id, now=now)

    def cut(self, run_id="run", now=NOW, as_of=None, objects=None):
        return job.run_cut(
            self.settings, self.store, objects or self.objects, kind=KIND, run_id=run_id, now=now,
            as_of=as_of,
        )  # fmt: skip

    def check(self, run_id="run", now=NOW):
        return job.run_check(
            self.settings, self.store, self.objects, kind=KIND, run_id=run_id, now=now
        )

    def answer(self):
        self.claim()
        return self.cut() + self.check()

    def select(self, statement, *values):
        with self.store.transaction() as connection:
            return connection.execute(statement, values).fetchall()

    def change(self, statement, *values):
        with self.store.transaction() as connection:
            connection.execute(statement, values)

    def request(self, request_id):
        (found,) = self.select("SELECT * FROM job_request WHERE request_id = %s", request_id)
        return found

    def deliveries(self, request_id):
        return self.select(
            "SELECT * FROM operations.delivery WHERE request_id = %s ORDER BY kind", request_id
        )

    def failure(self, request_id):
        """The sentence of a request that failed with one message to its requester and no file."""
        request = self.request(request_id)
        (told,) = self.deliveries(request_id)
        assert (request["status"], request["download_urls"]) == ("FAILED", None)
        assert (told["kind"], told["attachments"]) == ("exhaust_failed", [])
        assert told["facts"]["batches"] == []
        assert self.select("SELECT * FROM operations.lease") == []
        return told["facts"]["reason"]

    def archive(self, request_id, number=0):
        return self.objects.read(self.request(request_id)["download_urls"][number])

    def csv(self, request_id, number=0):
        return member_of(self.archive(request_id, number))

    def facts(self, request_id):
        (told,) = self.deliveries(request_id)
        assert told["kind"] == "exhaust_ready"
        return told["facts"]


def member_of(archive, password=None):
    kind = pyzipper.AESZipFile if password else zipfile.ZipFile
    with kind(io.BytesIO(archive)) as zipped:
        (name,) = zipped.namelist()
        return zipped.read(name, pwd=password and password.encode())


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def user_ids(content):
    return [row["User ID"] for row in rows_of(content)]


@pytest.fixture
def make_platform(make_settings, store, objects, publish_rows):
    def made(**overrides):
        keys = {"platform_key": KEY, "platform_salt": SALT}
        return Platform(make_settings(**{**keys, **overrides}), store, objects, publish_rows)

    return made


@pytest.fixture
def platform(make_platform):
    small = make_platform(team_address="team@example.org")
    small.hold(
        progress=[
            learner("u2", stage="completed", completed_on=date(2026, 11, 5)),
            learner("u1", module_progress={"do_m": 10}, score_pct={"do_q": 67}),
            learner("u3", stage="not_started", is_known=False, root_org_id=None),
            learner("u4", left_out_reason="left_batch"),
            learner("v1", "b2"),
        ],
        batches=[
            batch("b1"), batch("b2"), batch("b-empty"), batch("b-retired", "do_r"),
            batch("b-broken", "do_b"), batch("b-homeless", "do_none"), batch("b-flat", "do_f"),
        ],
        courses=[
            course("do_1"), course("do_r", status="Retired"),
            course("do_b", hierarchy_problem="its hierarchy is not valid JSON"),
            course("do_f", leaf_nodes=[], mandatory_nodes=[], modules=[], assessments=[]),
        ],
        people=[
            person("asha"), person("meera", language="hi"), person("stranger"),
            person("nomail", email_cipher=None), person("gone", is_active=False),
            person("br-admin", root_org_id="br", channel="br-channel",
                   roles=[{"role": "ORG_ADMIN", "organisation_ids": ["up"]}]),
        ],
        quarantined=[Quarantined("user_enrolments", "duplicate", "b1", 2)],
    )  # fmt: skip
    return small


def test_a_mentors_request_is_answered_with_the_batchs_file(platform):
    request_id = platform.ask("b1", by="meera")
    assert platform.answer() == {"cut": 1, "answered": 1}

    request = platform.request(request_id)
    assert request["status"] == "SUCCESS"
    assert request["err_message"] is None
    assert request["dt_file_created"] is not None
    assert request["dt_job_completed"] >= request["dt_file_created"]
    assert request["execution_time"] >= 0
    assert request["download_urls"] == [f"{KIND}/{request_id}/b1_progress_20261122.zip"]
    (entry,) = request["processed_batches"]
    assert (entry["channel"], entry["batchId"]) == ("up", "b1")
    assert entry["filePath"] == request["download_urls"][0]
    assert entry["fileSize"] == len(platform.archive(request_id))
    assert user_ids(platform.csv(request_id)) == ["u1", "u2", "u3"]


def test_the_message_has_the_facts_and_no_learner(platform):
    request_id = platform.ask("b1", by="meera")
    platform.answer()
    (told,) = platform.deliveries(request_id)
    assert (told["recipient_user_id"], told["status"]) == ("meera", "pending")
    (attached,) = told["attachments"]
    assert attached["file_name"] == "progress_teaching-fractions_b1_2026-11-22.zip"
    facts = told["facts"]
    assert (facts["language"], facts["is_protected"]) == ("hi", False)
    (made,) = facts["batches"]
    assert {name: made[name] for name in ("enrolled", "completed", "in_progress", "not_started")} == {
        "enrolled": 3, "completed": 1, "in_progress": 1, "not_started": 1,
    }  # fmt: skip
    assert made["left_out"] == {"left_batch": 1}
    assert made["unknown_learners"] == 1
    assert made["quarantined"] == {"duplicate": 2}
    assert made["notes"] == []
    assert datetime.fromisoformat(made["data_as_of"]) == DATA_AS_OF
    assert [column["header"] for column in made["columns"]][-3:] == [
        "do_m - Progress", "do_q - Score", "Total Score",
    ]  # fmt: skip
    assert not {"u1", "u2"} & set(str(facts).replace("'", " ").split())


def test_the_same_snapshot_request_and_instant_make_the_same_bytes(platform):
    first = platform.ask("b1")
    second = platform.ask("b1", by="meera", tag="again")
    platform.answer()
    assert platform.archive(first) == platform.archive(second)


def test_sunbirds_layout_by_setting(platform, make_platform):
    platform.settings = make_platform(progress_layout="collection").settings
    request_id = platform.ask("b1")
    platform.answer()
    first = rows_of(platform.csv(request_id))[0]
    assert (first["Batch Id"], first["User UUID"]) == ("BatchId_b1", "u1")
    assert (first["do_m - Progress"], first["do_q - Score"]) == ("10", "67%")


def test_several_batches_are_one_answer(platform):
    request_id = platform.ask("b1", "b2")
    platform.answer()
    assert user_ids(platform.csv(request_id, 0)) == ["u1", "u2", "u3"]
    assert user_ids(platform.csv(request_id, 1)) == ["v1"]
    (told,) = platform.deliveries(request_id)
    assert len(told["attachments"]) == 2


def test_unknown_and_retired_batches_are_named_and_the_others_delivered(platform):
    request_id = platform.ask("b1", "b-none", "b-retired")
    platform.answer()
    facts = platform.facts(request_id)
    assert facts["unknown_batches"] == ["b-none"]
    assert facts["retired_batches"] == ["b-retired"]
    assert [made["batch_id"] for made in facts["batches"]] == ["b1"]
    assert platform.request(request_id)["status"] == "SUCCESS"


def test_a_request_for_unknown_and_retired_batches_alone_fails_naming_them(platform):
    request_id = platform.ask("b-none", "b-retired")
    assert platform.answer() == {"failed": 1}
    reason = platform.failure(request_id)
    assert "no batch b-none" in reason
    assert "b-retired is retired" in reason
    assert platform.deliveries(request_id)[0]["facts"]["unknown_batches"] == ["b-none"]


def test_a_batch_without_learners_is_answered_with_an_empty_file(platform):
    request_id = platform.ask("b-empty")
    platform.answer()
    assert platform.csv(request_id).count(b"\r\n") == 1
    assert platform.facts(request_id)["batches"][0]["enrolled"] == 0


def test_a_course_without_contents_is_answered_and_the_message_says_so(platform):
    request_id = platform.ask("b-flat")
    platform.answer()
    assert platform.facts(request_id)["batches"][0]["notes"] == ["no_leaf_nodes"]


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


def test_a_requests_key_locks_the_file(platform):
    request_id = platform.ask("b1", key="secret pass")
    platform.answer()
    locked = platform.archive(request_id)
    with pytest.raises(RuntimeError, match="password required"):
        member_of(locked)
    assert user_ids(member_of(locked, "secret pass")) == ["u1", "u2", "u3"]
    assert platform.facts(request_id)["is_protected"] is True
    assert "secret pass" not in str(platform.request(request_id))


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


class BreaksFor:
    """An object store that has a fault for the files of one batch."""

    def __init__(self, objects, batch_id, error):
        self.objects, self.batch_id, self.error = objects, batch_id, error

    def __getattr__(self, name):
        return getattr(self.objects, name)

    def put(self, key, path):
        if f"/{self.batch_id}_" in key:
            raise self.error
        self.objects.put(key, path)


def test_a_fault_is_tried_again_fails_alone_and_never_quotes_a_learner(platform, capsys):
    bad, good = platform.ask("b1"), platform.ask("b2")
    fault = BreaksFor(platform.objects, "b1", KeyError("Asha Devi"))
    for expected in ({"put back": 1, "cut": 1}, {"put back": 1, "cut": 1}):
        platform.claim()
        assert platform.cut(objects=fault) == expected
    platform.claim()
    assert platform.cut(objects=fault) == {"failed": 1, "cut": 1}
    platform.check()

    kinds = [told["kind"] for told in platform.deliveries(bad)]
    assert kinds == ["exhaust_failed", "team_notice"]
    assert "unexpected fault" in platform.request(bad)["err_message"]
    assert platform.request(bad)["iteration"] == 3
    assert platform.request(good)["status"] == "SUCCESS"
    assert "Asha Devi" not in capsys.readouterr().out
    assert "Asha Devi" not in str(platform.deliveries(bad))


def test_a_request_whose_tries_are_spent_is_answered_when_asked_again(platform):
    request_id = platform.ask("b1")
    fault = BreaksFor(platform.objects, "b1", KeyError())
    for _ in range(3):
        platform.claim()
        platform.cut(objects=fault)
    # As Sunbird's portal does: the status alone, the count is kept.
    platform.change("UPDATE job_request SET status = 'SUBMITTED'")
    later = NOW + timedelta(minutes=5)
    platform.claim(now=later)
    platform.cut(now=later)
    platform.check(now=later)
    after = platform.request(request_id)
    assert (after["status"], after["err_message"]) == ("SUCCESS", None)


def test_an_object_store_that_is_down_loses_nothing_and_spends_no_try(platform):
    request_id = platform.ask("b1")
    platform.claim()
    with pytest.raises(UnavailableError):
        platform.cut(objects=BreaksFor(platform.objects, "b1", UnavailableError("down")))
    assert platform.request(request_id)["status"] == "PROCESSING"
    # The same run, tried again, goes on at once.
    assert platform.answer() == {"cut": 1, "answered": 1}
    assert platform.request(request_id)["iteration"] == 0


def test_finished_batches_are_not_made_again_after_a_crash(platform):
    request_id = platform.ask("b1", "b2")
    platform.claim()
    with pytest.raises(UnavailableError):
        platform.cut(objects=BreaksFor(platform.objects, "b2", UnavailableError("down")))
    assert platform.check() == {}
    untouchable = BreaksFor(platform.objects, "b1", AssertionError("made again"))
    platform.claim()
    assert platform.cut(objects=untouchable) == {"cut": 1}
    assert platform.check() == {"answered": 1}
    assert len(platform.request(request_id)["download_urls"]) == 2


class WakesLate:
    """The store of a worker that sleeps before one of its transactions."""

    def __init__(self, store, *, before, sleep):
        self.store, self.left, self.sleep = store, before, sleep

    def transaction(self):
        self.left -= 1
        if self.left == 0:
            self.sleep()
        return self.store.transaction()


@pytest.mark.parametrize("before", range(1, 6))
def test_a_worker_that_is_taken_over_publishes_nothing_wherever_it_slept(platform, before):
    request_id = platform.ask("b1", key="locked files differ each time")
    platform.claim("zombie")
    late = NOW + timedelta(minutes=10)

    def successor():
        platform.claim("second", now=late)
        assert platform.cut("second", now=late) == {"cut": 1}

    asleep = WakesLate(platform.store, before=before, sleep=successor)
    outcome = job.run_cut(
        platform.settings, asleep, platform.objects, kind=KIND, run_id="zombie", now=NOW
    )
    assert asleep.left <= 0, "it did not sleep"
    assert outcome == ({} if before == 1 else {"lost": 1})
    assert platform.check("zombie", now=late) == {}
    assert platform.check("second", now=late) == {"answered": 1}
    assert len(platform.deliveries(request_id)) == 1


def test_a_silent_request_is_not_taken_over_in_the_middle_of_writing_its_file(platform):
    platform.ask("b1")
    platform.claim("slow")

    class Slow(BreaksFor):
        def put(self, key, path):
            assert platform.claim("second", now=NOW + timedelta(hours=1)) == 0
            self.objects.put(key, path)

    assert platform.cut("slow", objects=Slow(platform.objects, "", None)) == {"cut": 1}


def test_a_file_that_was_changed_after_the_cut_is_not_delivered(platform):
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut()
    key = platform.request(request_id)["processed_batches"][0]["filePath"]
    platform.objects.path(key).write_bytes(b"something else")
    assert platform.check() == {"failed": 1}
    assert platform.request(request_id)["status"] == "FAILED"
    assert not platform.objects.exists(key)
    kinds = [told["kind"] for told in platform.deliveries(request_id)]
    assert kinds == ["exhaust_failed", "team_notice"]
    (verdict,) = platform.select("SELECT * FROM operations.gate_verdict WHERE verdict <> 'passed'")
    assert verdict["check_name"] == "the kept file is the one that was made"


def test_rows_that_break_the_contract_are_not_delivered(platform):
    platform.hold(
        progress=[learner("u1", progress_pct=101)],
        batches=[batch("b1")], courses=[course("do_1")], people=[person("asha")],
    )  # fmt: skip
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut()
    assert platform.check() == {"failed": 1}
    assert "did not pass our checks" in platform.request(request_id)["err_message"]
    assert list(platform.objects.root.rglob("*.zip")) == []


def test_a_snapshot_purged_between_cut_and_check_is_cut_again(platform):
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut()
    platform.change("DELETE FROM operations.snapshot WHERE table_name = 'progress'")
    platform.publish_rows(PROGRESS, [learner("u9")], data_as_of=DATA_AS_OF)
    assert platform.check() == {"put back": 1}
    assert platform.answer() == {"cut": 1, "answered": 1}
    assert user_ids(platform.csv(request_id)) == ["u9"]


def test_old_data_are_used_and_said_to_be_old(platform):
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut(as_of=DATA_AS_OF + timedelta(minutes=61))
    platform.check()
    assert platform.facts(request_id)["batches"][0]["is_stale"] is True


def test_fresh_data_are_not(platform):
    request_id = platform.ask("b1")
    platform.answer()
    assert platform.facts(request_id)["batches"][0]["is_stale"] is False


def test_a_command_without_work_needs_no_tables_and_no_keys(make_platform):
    bare = make_platform(platform_key=None, platform_salt=None)
    assert (bare.claim(), bare.cut(), bare.check()) == (0, {}, {})


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


def test_asking_for_an_unknown_kind_is_told_the_known_ones(platform):
    with pytest.raises(RequestError, match="progress-exhaust"):
        job.submit_request(
            platform.settings, platform.store, kind="cost-exhaust", batch_ids=["b1"],
            requested_by="asha", now=NOW,
        )  # fmt: skip


def test_asking_twice_a_day_is_one_request_and_with_the_tag_of_another_is_refused(platform):
    assert platform.ask("b1") == platform.ask("b1", now=NOW + timedelta(hours=1))
    assert platform.ask("b1") != platform.ask("b2")
    platform.ask("b1", tag="mine")
    with pytest.raises(RequestError, match=r"same tag, mine, and asks for b1.*another --tag"):
        platform.ask("b2", tag="mine")


def test_asking_with_an_empty_key_or_for_nobody_is_refused(platform):
    with pytest.raises(RequestError, match="key"):
        platform.ask("b1", key="")
    with pytest.raises(RequestError, match="--requested-by"):
        platform.ask("b1", by=" ")


def test_the_list_tells_each_requests_state_time_and_message(platform):
    answered, waiting = platform.ask("b1", "b2"), platform.ask("b1", now=NOW + timedelta(hours=1))
    platform.change("UPDATE job_request SET job_id = 'other' WHERE request_id = %s", waiting)
    platform.answer()
    rows = job.list_requests(platform.settings, platform.store, now=NOW + timedelta(hours=2))
    told = {row["request_id"]: row for row in rows}
    assert told[answered]["status"] == "SUCCESS"
    assert told[answered]["batches"] == "b1 b2"
    assert (told[answered]["delivery"], told[answered]["minutes"]) == ("pending", 120.0)
    assert (told[waiting]["delivery"], told[waiting]["minutes"]) == (None, 60.0)


def test_one_command_answers_everything_and_sends_the_mails(platform):
    good, bad = platform.ask("b1"), platform.ask("b-none")
    outcomes, sent = job.run_exhaust(
        platform.settings, platform.store, platform.objects, open_mail(platform.settings),
        kind=KIND, run_id="by hand", now=NOW,
    )  # fmt: skip
    assert outcomes == {"answered": 1, "failed": 1}
    assert (sent.sent, sent.failed, sent.waiting) == (2, 0, 0)
    assert platform.request(good)["status"] == "SUCCESS"
    assert platform.request(bad)["status"] == "FAILED"
    assert len(list(platform.settings.mailbox.glob("*.eml"))) == 2
