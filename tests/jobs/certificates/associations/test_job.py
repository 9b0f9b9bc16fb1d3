"""Attach, update and remove do what the table of assertions says, or say why they do not."""

import re
from datetime import UTC, datetime

import pytest

from jobs.certificates.associations.job import attach, history, remove, update
from jobs.contracts.learning import BATCHES
from jobs.errors import RequestError
from tests.jobs.certificates.ledger_fixtures import DAY, MERIT_RULE, NOW


def refusal(act, *arguments, **named):
    with pytest.raises(RequestError) as refused:
        act(*arguments, **named)
    return str(refused.value)


def versions(store, **place):
    rows = history(store, **({"course_id": None, "tenant_id": None, "batch_id": None} | place))
    return [(row["template_id"], row["valid_from"], row["valid_to"]) for row in rows]


def test_certificate_is_attached_to_a_course_that_has_none(store, attached):
    version = attached()

    assert versions(store, course_id="do_1") == [("do_t1", NOW, None)]
    assert version["rule"] == '{"op":"AND","rules":[{"key":"status","cmp":"=","value":"2"}]}'
    assert (version["issuer_name"], version["signatory_name"]) == ("SCERT North", "Asha Rao")


@pytest.mark.parametrize("place", [{}, {"batch_id": "b1"}])
def test_attaching_where_one_of_the_type_is_attached_fails_and_says_what_is_there(
    store, objects, order, attached, place
):
    attached(**place)

    said = refusal(attach, store, objects, order(template_id="do_t2", **place), now=NOW + DAY)

    assert "promised no completion certificate before one is attached" in said
    assert "template do_t1 'Completion' since 2026-03-01 06:30 UTC" in said
    assert "Run `certificate update`" in said


def test_completion_and_merit_are_attached_apart(store, attached):
    attached()
    attached(certificate_type="merit", template_id="do_m", template_name="Merit", rule=MERIT_RULE)

    assert [row[0] for row in versions(store, course_id="do_1")] == ["do_t1", "do_m"]


def test_update_ends_the_old_version_and_begins_the_new_at_the_same_instant(
    store, objects, order, attached
):
    attached()
    update(store, objects, order(template_id="do_t2", template_name="Second"), now=NOW + DAY)

    assert versions(store, course_id="do_1") == [
        ("do_t1", NOW, NOW + DAY),
        ("do_t2", NOW + DAY, None),
    ]


def test_update_keeps_what_is_not_said(store, objects, order, attached):
    old = attached(description="For all who finish")
    bare = order(
        template_id=None, template_name=None, artwork=None, issuer_id=None, rule=MERIT_RULE
    )
    [new] = update(store, objects, bare, now=NOW + DAY).begun

    kept = ("template_id", "template_name", "template_description", "artwork_key", "signature_key")
    assert [new[name] for name in kept] == [old[name] for name in kept]
    assert '"score"' in new["rule"]


def test_update_that_changes_nothing_is_refused(store, objects, order, attached):
    attached()

    assert "is there already" in refusal(update, store, objects, order(), now=NOW + DAY)


def test_removed_certificate_ends_and_can_be_attached_again(store, order, attached):
    attached()
    remove(store, order(), now=NOW + DAY)
    attached(at=NOW + 2 * DAY)

    assert versions(store, course_id="do_1", tenant_id="north") == [
        ("do_t1", NOW, NOW + DAY),
        ("do_t1", NOW + 2 * DAY, None),
    ]


@pytest.mark.parametrize("place", [{}, {"batch_id": "b1"}])
def test_update_and_remove_where_none_is_attached_fail(store, objects, order, place):
    for act, arguments in ((update, (store, objects)), (remove, (store,))):
        said = refusal(act, *arguments, order(**place), now=NOW)

        assert f"promised a completion certificate to {act.__name__}; found none attached" in said
        assert "Run `certificate attach`" in said


def test_refusal_names_the_certificate_of_the_other_type(store, order, attached):
    attached()

    said = refusal(remove, store, order(certificate_type="merit"), now=NOW)

    assert "found completion: template do_t1 'Completion'" in said


def test_course_and_batch_are_scopes_of_their_own(store, attached):
    attached()
    attached(batch_id="b1", template_id="do_b", template_name="Batch")

    assert [row[0] for row in versions(store, batch_id="b1")] == ["do_b"]
    assert [row[0] for row in versions(store, course_id="do_1", tenant_id="north")] == ["do_t1"]
    assert [row[0] for row in versions(store, course_id="do_1")] == ["do_t1", "do_b"]


BAD_ORDERS = [
    ({"course_id": "do_2"}, "Course do_2 promised to be published; it is Retired"),
    ({"course_id": "do_9"}, "have none of this id"),
    ({"batch_id": "b6"}, "Course do_2 promised to be published"),
    ({"batch_id": "b9"}, "promised a batch of the platform"),
    ({"batch_id": "b5"}, "promised a tenant (createdFor)"),
    ({"batch_id": "b1", "course_id": "do_1"}, "--batch alone"),
    ({"tenant_id": None}, "--course and --tenant"),
    ({"issuer_id": "nobody"}, "it has none of this id"),
    ({"issuer_id": "diet"}, "it belongs to south"),
    ({"artwork": None}, "missing: --artwork"),
    ({"template_id": None, "template_name": None}, "missing: --template, --name"),
    ({"template_id": "../t"}, "--template promised an id"),
    ({"template_name": "a\nb"}, "--name promised one line"),
    ({"by": " "}, "--by promised one line"),
    ({"certificate_type": "praise"}, "--type promised one of completion, merit"),
    ({"certificate_type": "merit"}, "A merit certificate promised a rule"),
    ({"rule": '{"enrollment":'}, "not JSON at character"),
    ({"rule": '{"grade":{"a":1}}'}, "`grade` is no section"),
    ({"since": datetime(1970, 1, 1, tzinfo=UTC)}, "found 1970-01-01"),
    ({"since": NOW + DAY}, "found 2026-03-02"),
    ({"batch_id": "b4", "rule": '{"user":{"rootOrgId":"?channel"}}'}, "has not exactly one"),
]  # fmt: skip


def test_bad_order_is_refused_by_name_and_nothing_is_written(store, objects, order, ask):
    said = [
        (named, refusal(attach, store, objects, order(**changes), now=NOW))
        for changes, named in BAD_ORDERS
    ]

    assert [(named, found) for named, found in said if named not in found] == []
    assert ask("SELECT count(*) FROM operations.certificate_associations") == [(0,)]


def test_artwork_that_is_no_picture_is_refused(store, objects, order, pictures):
    (pictures / "artwork.svg").write_text("<svg/>")

    said = refusal(attach, store, objects, order(artwork=pictures / "artwork.svg"), now=NOW)
    assert "promised a PNG or JPEG picture; found no PNG or JPEG" in said
    said = refusal(attach, store, objects, order(artwork=pictures / "gone.png"), now=NOW)
    assert "No such file" in said


@pytest.mark.parametrize(
    ("twin", "shared"),
    [
        ({"template_id": "do_t1", "template_name": "Merit"}, "template"),
        ({"template_id": "do_m", "template_name": " COMPLETION "}, "name"),
    ],
)
def test_two_of_one_template_or_name_in_one_batch_are_refused(
    store, objects, order, attached, twin, shared
):
    attached()
    merit = {"certificate_type": "merit", "rule": MERIT_RULE} | twin

    said = refusal(attach, store, objects, order(**merit), now=NOW)
    assert f"another has this {shared}" in said
    # A batch's own certificate of the type takes the course's place, and may bear its name... of
    # another type it may not: the learner of the batch could have both.
    said = refusal(attach, store, objects, order(batch_id="b1", **merit), now=NOW)
    assert f"another has this {shared}" in said


def test_dry_run_says_what_would_be_and_leaves_nothing(store, objects, order, ask, tmp_path):
    before = sorted(tmp_path.glob("objects/**/*"))
    change = attach(store, objects, order(), now=NOW, dry_run=True)

    assert [row["template_id"] for row in change.begun] == ["do_t1"]
    assert ask("SELECT count(*) FROM operations.certificate_associations") == [(0,)]
    assert sorted(tmp_path.glob("objects/**/*")) == before


def test_since_opens_the_ledger_in_the_past_once(store, objects, order, attached):
    version = attached(since=NOW - 30 * DAY)
    assert (version["origin"], version["valid_from"]) == ("baseline", NOW - 30 * DAY)

    remove(store, order(), now=NOW)
    said = refusal(attach, store, objects, order(since=NOW - 60 * DAY), now=NOW)
    assert "--since opens the ledger of a place without any history" in said


def test_course_without_a_batch_of_the_tenant_is_noted(store, objects, order, publish_rows):
    publish_rows(BATCHES, [], data_as_of=NOW)

    change = attach(store, objects, order(), now=NOW)
    assert change.notes == ["No batch of the course is of tenant north yet."]


def test_batch_that_the_platform_dropped_can_still_be_removed(
    store, order, attached, publish_rows, platform
):
    attached(batch_id="b1")
    publish_rows(BATCHES, [], data_as_of=NOW)

    [ended] = remove(store, order(batch_id="b1"), now=NOW + DAY).ended
    assert ended["batch_id"] == "b1"


def test_what_is_kept_of_artwork_is_small_and_found_by_its_hash(objects, attached, ask):
    key = attached()["artwork_key"]

    assert re.fullmatch(r"certificate-assets/[0-9a-f]{64}\.png", key)
    [(sha256, bytes_kept)] = ask(
        "SELECT sha256, byte_count FROM operations.certificate_assets WHERE kind = 'artwork'"
    )
    assert sha256 in key
    assert len(objects.read(key)) == bytes_kept <= 80_000
