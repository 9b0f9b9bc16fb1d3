"""To whom a message goes, judged at the last moment: the address, and the right to the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import SecretStr

from jobs.contracts.contract import Contract
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.delivery.authorisation import may_have, requester_of
from jobs.delivery.outbox import ANALYST, TEAM, analyst_role
from jobs.errors import DeliveryError, RequestError, SettingsError
from jobs.sources.cipher import decrypt

KEY_BYTES = 16
Row = dict[str, Any]


def address_of(learner: Row, *, key: SecretStr | None, salt: SecretStr | None) -> str:
    """The user's e-mail address; DeliveryError says why there is none to write to."""
    sealed = (learner.get("email_cipher") or "").strip()
    if not sealed:
        raise DeliveryError(
            "The user who asked has no e-mail address in the profile: nothing can be sent. Add one,"
            " then ask again."
        )
    opener = key.get_secret_value() if key else ""
    if len(opener.encode()) != KEY_BYTES or salt is None:
        raise SettingsError(
            "E-mail addresses are ciphertext and SUNBIRD_BATCH_PLATFORM_KEY (16 characters) and"
            " SUNBIRD_BATCH_PLATFORM_SALT open them: set both as the platform has them."
        )
    try:
        address = decrypt(sealed, key=opener, salt=salt.get_secret_value()).strip()
    except ValueError:
        raise DeliveryError(
            "The e-mail address of the user who asked does not open with this platform's key:"
            " nothing can be sent. Check the profile, and SUNBIRD_BATCH_PLATFORM_KEY and _SALT."
        ) from None
    if not address:
        raise DeliveryError("The user who asked has an empty e-mail address: nothing can be sent.")
    return address


def address_of_role(
    role: str, *, team_address: str | None, analyst_addresses: Iterable[str] = ()
) -> str:
    """The mailbox of the team, or that of an analyst who is still on the list."""
    for address in analyst_addresses:
        if role == analyst_role(address):
            return address
    if role.startswith(f"{ANALYST}:"):
        raise DeliveryError(
            "The analyst is not on the list SUNBIRD_BATCH_ANALYST_ADDRESSES any more: nothing is"
            " sent."
        )
    if role != TEAM or team_address is None:
        raise DeliveryError(
            f"The role {role} has no mailbox: set SUNBIRD_BATCH_TEAM_ADDRESS for the role {TEAM}."
        )
    return team_address


def refuse_unauthorised(
    learner: Row | None,
    batch_ids: Iterable[str],
    *,
    row_of: Callable[[Contract, str], Row | None],
    channel: str | None,
    admin_roles: Iterable[str],
) -> None:
    """RequestError with the sentence for the requester where one batch is not theirs."""
    requester = requester_of(learner)
    for batch_id in batch_ids:
        batch = row_of(BATCHES, batch_id)
        if batch is None:
            raise RequestError(f"The batch {batch_id} is not on the platform any more.")
        collection = row_of(COLLECTIONS, batch["collection_id"]) or {}
        refusal = may_have(requester, batch, collection, channel=channel, admin_roles=admin_roles)
        if refusal:
            raise RequestError(refusal)


def account_of(learner: Row | None) -> Row:
    if learner is None:
        raise DeliveryError("The user who asked is not in the user table: nobody to write to.")
    if learner.get("is_active") is False:
        raise DeliveryError("The account of the user who asked is not active: nothing is sent.")
    return learner
