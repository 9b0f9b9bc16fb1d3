"""Issuers: several of a state, each with at most one signatory and signature."""

import pytest

from jobs.certificates.associations.job import history
from jobs.certificates.issuers.job import IssuerOrder, add_issuer, list_issuers, update_issuer
from jobs.errors import RequestError
from tests.jobs.certificates.ledger_fixtures import DAY, MERIT_RULE, NOW


def order(issuer_id="scert", **said):
    return IssuerOrder(issuer_id, "meena", "a new director", **said)


def refusal(act, *arguments, **named):
    with pytest.raises(RequestError) as refused:
        act(*arguments, **named)
    return str(refused.value)


def test_new_signature_opens_a_new_version_of_every_certificate_that_uses_it(
    store, objects, pictures, attached, register
):
    first = attached()
    attached(certificate_type="merit", template_id="do_m", template_name="Merit", rule=MERIT_RULE)
    attached(batch_id="b3", issuer_id="diet", template_id="do_s", template_name="South")

    change = update_issuer(
        store, objects,
        order(signatory="Ravi Kumar", designation="Director", signature=pictures / "ravi.png"),
        now=NOW + DAY,
    )  # fmt: skip

    assert sorted(row["template_id"] for row in change.begun) == ["do_m", "do_t1"]
    rows = history(store, course_id="do_1", tenant_id="north", batch_id=None)
    assert [
        (row["template_id"], row["signatory_name"], row["valid_from"], row["valid_to"])
        for row in rows
    ] == [
        ("do_t1", "Asha Rao", NOW, NOW + DAY),
        ("do_t1", "Ravi Kumar", NOW + DAY, None),
        ("do_m", "Asha Rao", NOW, NOW + DAY),
        ("do_m", "Ravi Kumar", NOW + DAY, None),
    ]
    assert rows[0]["signature_key"] == first["signature_key"] != rows[1]["signature_key"]
    assert objects.exists(rows[0]["signature_key"])
    [south] = history(store, course_id=None, tenant_id=None, batch_id="b3")
    assert south["valid_to"] is None


def test_dry_run_of_a_new_signature_leaves_the_register_and_the_ledger(
    store, objects, pictures, attached
):
    attached()
    change = update_issuer(
        store, objects, order(signature=pictures / "ravi.png"), now=NOW + DAY, dry_run=True
    )

    assert not objects.exists(change.begun[0]["signature_key"])
    assert len(history(store, course_id="do_1", tenant_id=None, batch_id=None)) == 1


def test_signatory_and_signature_can_be_taken_off(store, objects, register):
    update_issuer(store, objects, order(no_signature=True), now=NOW)
    [row] = list_issuers(store, tenant_id="north")
    assert (row["signatory_name"], row["signature_key"]) == ("Asha Rao", None)

    update_issuer(store, objects, order(no_signatory=True), now=NOW)
    [row] = list_issuers(store, tenant_id="north")
    assert (row["signatory_name"], row["signatory_designation"]) == (None, None)


def test_tenant_may_have_several_issuers(store, objects, register):
    add_issuer(store, objects, order("diet-n", tenant_id="north", name="DIET North"), now=NOW)

    assert [row["issuer_id"] for row in list_issuers(store, tenant_id="north")] == [
        "diet-n", "scert",
    ]  # fmt: skip
    assert len(list_issuers(store, tenant_id=None)) == 3


def test_bad_issuer_is_refused_by_name(store, objects, pictures, register):
    cases = [
        (add_issuer, order(tenant_id="north", name="X"), "promised to be new"),
        (add_issuer, order("x", tenant_id="north", name="scert  NORTH"), "scert has 'SCERT North'"),
        (add_issuer, order("x", tenant_id="north"), "Give --tenant and --name"),
        (add_issuer, order("x y", tenant_id="north", name="X"), "issuer promised an id"),
        (
            add_issuer,
            order("x", tenant_id="north", name="X", signature=pictures / "ravi.png"),
            "promised a signatory whose they are",
        ),
        (add_issuer, order("x", tenant_id="n", name="X", url="scert.in"), "--url promised"),
        (add_issuer, order("x", tenant_id="n", name="X", email="no"), "--email promised"),
        (update_issuer, order("x", name="X"), "promised to be in the register"),
        (update_issuer, order(tenant_id="south"), "stay with its tenant"),
        (update_issuer, order(), "is there already"),
        (update_issuer, order(signatory="Ravi Kumar"), "is the former one's"),
        (update_issuer, order(signatory="R", no_signatory=True), "given and taken off at once"),
        (update_issuer, order(signature=pictures / "gone.png"), "No such file"),
    ]
    said = [(named, refusal(act, store, objects, one, now=NOW)) for act, one, named in cases]

    assert [(named, found) for named, found in said if named not in found] == []
