"""Whether a user may adopt textbooks for a tenant."""

from __future__ import annotations

from collections.abc import Collection

from jobs.delivery.authorisation import Requester
from jobs.textbooks.adoption.finding import ADOPTER_INVALID, ADOPTER_ROLE
from jobs.textbooks.adoption.sheet import Refusal


def adopter_refusal(
    adopter: Requester | None, *, channel: str, roles: Collection[str]
) -> Refusal | None:
    """None for an active user of the tenant who holds one of the roles there."""
    if adopter is None:
        return Refusal(ADOPTER_INVALID, "the user is not known")
    if not adopter.is_active:
        return Refusal(ADOPTER_INVALID, "the account is not active")
    if channel not in adopter.tenants:
        return Refusal(ADOPTER_INVALID, f"the user is not of the tenant {channel}")
    here = adopter.tenants | {channel}
    holds = any(
        held.role in roles and (not held.organisation_ids or held.organisation_ids & here)
        for held in adopter.roles
    )
    if not holds:
        return Refusal(ADOPTER_ROLE, f"the user holds none of {', '.join(sorted(roles))} there")
    return None
