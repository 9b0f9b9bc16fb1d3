"""The ledger as it is typed, and as a form of Airflow asks: the same, in words."""

from datetime import UTC, datetime

import pytest

from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.errors import NOTHING_TO_DO, RequestError
from tests.jobs.certificates.ledger_fixtures import png

WHO = ("--by=meena", "--reason=asked")
PLACE = ("--course=do_1", "--tenant=north")
EMPTY = [f"--{name}=" for name in ("batch", "description", "rule", "since", "signatory", "designation", "signature")]  # fmt: skip


@pytest.fixture
def ledger(typed, publish_rows, tmp_path):
    """typed, on a platform with a course, an issuer and an artwork.png."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    batch = {"batch_id": "b1", "collection_id": "do_1", "created_for": ["north"], "status": 1}
    publish_rows(BATCHES, [batch], data_as_of=at)
    publish_rows(COLLECTIONS, [{"collection_id": "do_1", "status": "Live"}], data_as_of=at)
    (tmp_path / "artwork.png").write_bytes(png(900, 600))
    added = typed("certificate", "issuer", "add", "scert", "--tenant=north", "--name=SCERT", *WHO)
    assert added.out == "result: issuer scert added\n"
    return typed


@pytest.fixture
def whole(tmp_path):
    artwork = f"--artwork={tmp_path / 'artwork.png'}"
    return (*PLACE, "--template=do_t", "--name=Completion", artwork, "--issuer=scert", *WHO)


def test_certificate_is_attached_updated_removed_and_its_history_told(ledger, whole):
    dry = ledger("certificate", "attach", *whole, "--dry-run")
    attached = ledger("certificate", "attach", *whole)
    again = ledger("certificate", "attach", *whole)
    updated = ledger("certificate", "update", *PLACE, "--name=Other", *WHO)
    removed = ledger("certificate", "remove", *PLACE, *WHO)
    gone = ledger("certificate", "remove", *PLACE, *WHO)
    history = ledger("certificate", "history", "--course=do_1")

    assert "would be begun: completion certificate do_t 'Completion'" in dry.out
    assert attached.out.endswith("result: 0 ended, 1 begun\n")
    assert again.code == RequestError.exit_code
    assert "it has one: template do_t 'Completion' since" in again.err
    assert updated.out.endswith("result: 1 ended, 1 begun\n")
    assert removed.out.endswith("result: 1 ended, 0 begun\n")
    assert "found none attached" in gone.err
    assert history.out.endswith("versions: 2\n")
    assert "meena" not in attached.err + updated.err


def test_changes_stand_in_the_audit_log(ledger, whole, ask):
    ledger("certificate", "attach", *whole)
    ledger("certificate", "attach", *whole)

    assert ask("SELECT event, asked_by FROM operations.audit_log ORDER BY audit_id") == [
        ("certificate issuer added", "meena"),
        ("certificate attached", "meena"),
    ]


def test_form_does_the_same_and_its_empty_fields_say_nothing(ledger, whole):
    asked = ("certificate", "form", "--action=attach", "--type=completion", *whole, *EMPTY)

    assert ledger(*asked).out.endswith("result: would be: 0 ended, 1 begun\n")
    assert ledger(*asked, "--no-dry-run").out.endswith("result: 0 ended, 1 begun\n")
    assert "promised no completion certificate" in ledger(*asked).err


def test_form_gives_an_issuer_a_new_signature(ledger, whole, tmp_path):
    ledger("certificate", "attach", *whole)
    (tmp_path / "ravi.png").write_bytes(png())
    changed = ledger(
        "certificate", "form", "--action=new-signature", "--type=completion", "--issuer=scert",
        "--signatory=Ravi", f"--signature={tmp_path / 'ravi.png'}", "--no-dry-run", *WHO,
    )  # fmt: skip

    assert changed.out.endswith("result: 1 ended, 1 begun\n")
    assert "Ravi" in ledger("certificate", "issuer", "list").out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--action=praise"], "The action 'praise' promised to be one of"),
        (["--action=remove", "--template=do_t"], "the form also has template"),
        (["--action=new-signature"], "promised an issuer"),
        (["--action=remove", *PLACE], "--by promised one line"),
    ],
)
def test_form_that_makes_no_sense_is_refused_in_words(typed, asked, said):
    ended = typed("certificate", "form", *asked)

    assert ended.code == RequestError.exit_code
    assert said in ended.err


def test_day_that_is_none_and_a_scope_that_is_none_are_refused(typed):
    since = typed("certificate", "attach", *PLACE, *WHO, "--since=soon")
    assert "--since 'soon' is not an ISO 8601 instant" in since.err
    assert "Give --batch, or --course" in typed("certificate", "history").err


def test_second_look_at_the_same_table_ends_with_nothing_to_do(ledger):
    assert ledger("certificate", "watch").code == 0
    assert ledger("certificate", "watch").code == NOTHING_TO_DO
