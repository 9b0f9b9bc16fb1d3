"""Who may have a batch's file."""

import pytest

from jobs.delivery.authorisation import (
    Requester,
    Role,
    may_have,
    organisation_reported,
    requester_of,
)

ADMIN_ROLES = ["COURSE_ADMIN", "ORG_ADMIN"]
BATCH = {"batch_id": "b1", "created_by": "meera", "mentors": ["asha"], "created_for": ["up"]}
COLLECTION = {"collection_id": "do_1", "channel": "up"}


def refusal(requester, batch=BATCH, collection=COLLECTION, *, channel="up"):
    return may_have(requester, batch, collection, channel=channel, admin_roles=ADMIN_ROLES)


def person(user_id="ravi", *, org="up", active=True, roles=(), channel=None):
    return Requester(user_id, active, root_org_id=org, channel=channel, roles=tuple(roles))


@pytest.mark.parametrize("user_id", ["meera", "asha"])
def test_creator_and_mentor_may_have_their_batch(user_id):
    assert refusal(person(user_id)) is None


def test_somebody_else_is_told_whom_to_ask():
    assert "neither the creator nor a mentor of the batch b1" in refusal(person("ravi"))


def test_a_batch_without_mentors_or_creator_belongs_to_nobody():
    bare = {"batch_id": "b1", "created_by": None, "mentors": None, "created_for": None}
    assert "neither the creator" in refusal(person("ravi"), bare)


def test_unknown_user_is_refused():
    assert "not known" in refusal(None)


def test_inactive_mentor_is_refused():
    assert "not active" in refusal(person("asha", active=False))


def test_mentor_asking_for_another_organisation_is_refused():
    assert "asked for the organisation br" in refusal(person("asha"), channel="br")


def test_channel_may_be_the_tenants_channel_name():
    assert refusal(person("asha", org="0123", channel="up-channel"), channel="up-channel") is None


def test_no_channel_means_the_requesters_own_organisation():
    assert refusal(person("asha", org="br"), channel=None) is None
    assert "no organisation" in refusal(person("asha", org=None), channel=None)


def test_system_means_the_collections_own_tenant():
    assert refusal(person("asha", org="up"), channel="System") is None
    assert "another one" in refusal(person("asha", org="br"), channel="System")


@pytest.mark.parametrize("role", ADMIN_ROLES)
def test_administrator_of_the_batchs_tenant_may_have_it(role):
    assert refusal(person(roles=[Role(role, frozenset({"up"}))])) is None


def test_administrators_empty_scope_is_their_own_tenant():
    role = Role("ORG_ADMIN")
    assert refusal(person(org="up", roles=[role])) is None
    assert refusal(person(org="br", roles=[role]), channel="br") is not None


def test_administrator_of_another_tenant_is_refused():
    assert refusal(person(org="br", roles=[Role("ORG_ADMIN", frozenset({"br"}))]), channel="br")


def test_a_role_that_is_not_administrative_gives_nothing():
    assert refusal(person(roles=[Role("CONTENT_CREATOR", frozenset({"up"}))]))


def test_without_created_for_the_collections_tenant_counts():
    batch = {**BATCH, "created_for": []}
    assert refusal(person(roles=[Role("COURSE_ADMIN", frozenset({"up"}))]), batch) is None
    assert refusal(person(roles=[Role("COURSE_ADMIN", frozenset({"br"}))]), batch)


def test_created_for_wins_over_the_collections_tenant():
    batch = {**BATCH, "created_for": ["br"]}
    assert refusal(person(roles=[Role("COURSE_ADMIN", frozenset({"up"}))]), batch)


def test_a_batch_and_collection_without_tenant_are_nobodys():
    batch = {**BATCH, "created_for": None}
    admin = person(roles=[Role("ORG_ADMIN")])
    assert refusal(admin, batch, {"collection_id": "do_1", "channel": None})


def test_a_learner_row_becomes_a_requester():
    row = {
        "user_id": "ravi",
        "is_active": None,
        "root_org_id": "up",
        "channel": "up-channel",
        "roles": [{"role": "ORG_ADMIN", "organisation_ids": ["up", None]}],
    }
    assert requester_of(row) == Requester(
        "ravi", True, "up", "up-channel", (Role("ORG_ADMIN", frozenset({"up"})),)
    )
    assert requester_of({"user_id": "x", "is_active": False, "roles": None}).is_active is False
    assert requester_of(None) is None


def test_a_tenant_sees_all_learners_of_its_own_collection_and_its_own_of_anothers():
    assert organisation_reported(person(org="up"), COLLECTION, channel="up") is None
    assert organisation_reported(person(org="up"), COLLECTION, channel="System") is None
    assert organisation_reported(person(org="br"), COLLECTION, channel="br") == "br"
    assert organisation_reported(person(org="br"), COLLECTION, channel=None) == "br"
    named = person(org="0123", channel="up")
    assert organisation_reported(named, COLLECTION, channel="up") is None
