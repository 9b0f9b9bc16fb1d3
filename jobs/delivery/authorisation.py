"""Who may have a batch's file: judged when it is built and again when it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# Sunbird's word for "the tenant that owns the collection".
COLLECTIONS_OWN = "System"


@dataclass(frozen=True)
class Role:
    """A role and the organisations that it is held for; none named: the holder's own tenant."""

    role: str
    organisation_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Requester:
    """What the platform knows of the user who asks."""

    user_id: str
    is_active: bool
    root_org_id: str | None = None
    channel: str | None = None
    roles: tuple[Role, ...] = ()

    @property
    def tenants(self) -> frozenset[str]:
        """The names of the requester's own tenant: its id, and its channel."""
        return frozenset(name for name in (self.root_org_id, self.channel) if name)


def requester_of(learner: dict[str, Any] | None) -> Requester | None:
    """The requester in a row of the table `learners`; None where there is no such user."""
    if learner is None:
        return None
    return Requester(
        user_id=learner["user_id"],
        # An account is active unless the platform says that it is not.
        is_active=learner.get("is_active") is not False,
        root_org_id=learner.get("root_org_id"),
        channel=learner.get("channel"),
        roles=tuple(
            Role(held["role"], frozenset(name for name in held["organisation_ids"] or () if name))
            for held in learner.get("roles") or ()
            if held and held["role"]
        ),
    )


def may_have(
    requester: Requester | None,
    batch: dict[str, Any],
    collection: dict[str, Any],
    *,
    channel: str | None,
    admin_roles: Iterable[str],
) -> str | None:
    """None where the requester may have the batch's file, else the reason in a sentence."""
    if requester is None:
        return (
            "Your user account is not known to the reports yet. If it is new, ask again in two"
            " hours; otherwise tell your administrator."
        )
    if not requester.is_active:
        return "Your user account is not active any more. Ask your administrator to activate it."
    if not belongs(requester, collection, channel):
        return (
            f"You asked for the organisation {channel}, and your account belongs to another one."
            " Ask from within your own organisation."
            if channel
            else "Your user account belongs to no organisation. Ask your administrator to add it."
        )
    if mentors(requester, batch) or administers(requester, batch, collection, admin_roles):
        return None
    return (
        f"You are neither the creator nor a mentor of the batch {batch['batch_id']}, nor an"
        " administrator of its organisation. Ask the batch's creator to add you as a mentor."
    )


def organisation_reported(
    requester: Requester, collection: dict[str, Any], *, channel: str | None
) -> str | None:
    """The one tenant whose learners are reported; None where all of the batch's learners are.

    A tenant sees everybody in its own collections, and only its own learners in another tenant's.
    """
    asked = {asked_channel(collection, channel)} if channel else set()
    if collection.get("channel") in asked | requester.tenants:
        return None
    return requester.root_org_id or ""


def belongs(requester: Requester, collection: dict[str, Any], channel: str | None) -> bool:
    if not channel:
        return bool(requester.root_org_id)
    return asked_channel(collection, channel) in requester.tenants


def asked_channel(collection: dict[str, Any], channel: str | None) -> str | None:
    return collection.get("channel") if channel == COLLECTIONS_OWN else channel


def mentors(requester: Requester, batch: dict[str, Any]) -> bool:
    return requester.user_id in {batch.get("created_by"), *(batch.get("mentors") or ())}


def administers(
    requester: Requester,
    batch: dict[str, Any],
    collection: dict[str, Any],
    admin_roles: Iterable[str],
) -> bool:
    wanted = set(admin_roles)
    made_for = {name for name in batch.get("created_for") or () if name}
    tenants = made_for or {name for name in (collection.get("channel"),) if name}
    return any(
        held.role in wanted and tenants & (held.organisation_ids or requester.tenants)
        for held in requester.roles
    )
