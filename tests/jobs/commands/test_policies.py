"""Rules for protecting files as they are typed: checked before they stand, and shown without keys."""

import pytest

from jobs.contracts.learning import BATCHES, COLLECTIONS, LEARNERS
from jobs.contracts.protection import PASSWORD, PLAIN, PUBLIC_KEY, TEXT_KEY
from jobs.errors import ArchiveError, RequestError, SettingsError
from tests.jobs.delivery.age_readers import Pair
from tests.jobs.exhausts.small_platform import DATA_AS_OF, batch, course, person

SECRETS = {"platform_key": "0123456789abcdef", "platform_salt": "salt"}
TEXT = "canary mango river seven"
PAIR = Pair()


@pytest.fixture
def policy(typed, publish_rows, tmp_path):
    """policy("set", "--tenant", "up", ...) on a platform with the tenants up, br and up-channel."""
    publish_rows(COLLECTIONS, [course("do_1")], data_as_of=DATA_AS_OF)
    publish_rows(BATCHES, [batch("b1", created_for=["br"])], data_as_of=DATA_AS_OF)
    publish_rows(LEARNERS, [person("asha")], data_as_of=DATA_AS_OF)
    (tmp_path / "text").write_text(f"{TEXT}\n")
    (tmp_path / "pem").write_text(PAIR.public())
    return lambda *arguments: typed("policy", *arguments, **SECRETS)


def setting(level, *more, tenant="up", kind="*"):
    return ["set", "--tenant", tenant, "--kind", kind, "--level", level, "--by", "ravi", *more]


def rows(store):
    with store.transaction() as connection:
        return connection.execute("SELECT * FROM operations.policy ORDER BY channel").fetchall()


def test_each_level_is_set_shown_and_removed(policy, store, tmp_path):
    keys = {
        PLAIN: [], PASSWORD: [],
        TEXT_KEY: ["--text-key-file", f"{tmp_path}/text"],
        PUBLIC_KEY: ["--public-key-file", f"{tmp_path}/pem"],
    }  # fmt: skip
    for level, more in keys.items():
        assert policy(*setting(level, *more)).code == 0
        listed = policy("list").out
        assert level in listed
        assert listed.rstrip().endswith("yes")
        assert len(rows(store)) == 1
    assert "SHA256:" in listed
    assert policy("remove", "--tenant", "up", "--kind", "*", "--by", "ravi").code == 0
    assert policy("list").out == "none\n"


def test_text_key_is_kept_sealed_and_shown_nowhere(policy, store, tmp_path):
    ended = policy(*setting(TEXT_KEY, "--text-key-file", f"{tmp_path}/text"))

    told = ended.out + ended.err + policy("list").out
    with store.transaction() as connection:
        audited = connection.execute("SELECT * FROM operations.audit_log").fetchall()
    assert len(rows(store)) == 1
    assert [one["asked_by"] for one in audited] == ["ravi"]
    assert "canary" not in told + str(rows(store)) + str(audited)


def test_dry_run_says_what_would_stand_and_changes_nothing(policy, store):
    ended = policy(*setting(PASSWORD, "--dry-run"))

    assert (ended.code, rows(store)) == (0, [])
    assert PASSWORD in ended.out
    assert "Nothing was changed." in ended.out


@pytest.mark.parametrize("tenant", ["up", "br", "up-channel", "*"])
def test_tenant_is_one_of_a_course_a_batch_or_a_user(policy, tenant):
    assert policy(*setting(PASSWORD, tenant=tenant)).code == 0


def test_tenant_that_nobody_belongs_to_is_refused_unless_it_is_new(policy, store):
    ended = policy(*setting(PASSWORD, tenant="upp"))
    assert (ended.code, rows(store)) == (RequestError.exit_code, [])
    assert "Known are: br, up, up-channel." in ended.err
    assert policy(*setting(PASSWORD, "--new-tenant", tenant="upp")).code == 0


@pytest.mark.parametrize(
    ("arguments", "told", "error"),
    [
        (setting("PASSWORD"), "levels are: PLAIN_DATASET", RequestError),
        (setting(PASSWORD, kind="cost-exhaust"), "progress-exhaust", RequestError),
        (setting(PLAIN, kind="userinfo-exhaust"), "never made without a key", RequestError),
        (setting(PUBLIC_KEY), "public key goes with", RequestError),
        (setting(PASSWORD, "--public-key-file", "{}/pem"), "public key goes with", RequestError),
        (setting(PASSWORD, "--text-key-file", "{}/text"), "text key goes with", RequestError),
        (setting(PUBLIC_KEY, "--public-key-file", "{}/text"), "promised is an RSA", ArchiveError),
        (setting(PUBLIC_KEY, "--public-key-file", "{}/secret"), "a private key", ArchiveError),
        (setting(PUBLIC_KEY, "--public-key-file", "{}/none"), "/none cannot be read", RequestError),
        (setting(TEXT_KEY, "--text-key-file", "{}/short"), "fewer than 12", RequestError),
        (["remove", "--tenant", "up", "--kind", "*", "--by", "ravi"], "no rule", RequestError),
    ],
)
def test_what_could_not_be_kept_is_refused_with_what_to_do(
    policy, store, tmp_path, arguments, told, error
):
    (tmp_path / "secret").write_bytes(PAIR.secret())
    (tmp_path / "short").write_text("canary")
    ended = policy(*[one.format(tmp_path) for one in arguments])

    assert ended.code == error.exit_code
    assert told in ended.err
    assert "canary" not in ended.err
    assert rows(store) == []


def test_text_key_without_the_platforms_key_names_the_settings(typed, tmp_path, policy):
    ended = typed("policy", *setting(TEXT_KEY, "--text-key-file", f"{tmp_path}/text"))
    assert ended.code == SettingsError.exit_code
    assert "SUNBIRD_BATCH_PLATFORM_KEY" in ended.err


def test_rules_that_cannot_be_kept_are_listed_with_the_reason(policy, store):
    with store.transaction() as connection:
        for row in (
            ("a", "TEXT_KEY", None, None),
            ("b", PUBLIC_KEY, "canary", None),
            ("c", TEXT_KEY, None, "canary"),
        ):
            connection.execute("INSERT INTO operations.policy VALUES (%s, '*', %s, %s, %s)", row)
    listed = policy("list").out
    assert listed.count("no: Your organisation's rule") == 3
    assert "canary" not in listed
