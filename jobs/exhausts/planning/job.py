"""Reads what a request needs, and judges whether its requester may have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS, ENROLMENTS, LEARNERS
from jobs.delivery.authorisation import may_have, organisation_reported, requester_of
from jobs.errors import RequestError, SettingsError
from jobs.exhausts import answers, cells, requests
from jobs.settings import Settings
from jobs.sources import cipher
from jobs.storage.clustered import ClusteredTable, open_table
from jobs.storage.policies import policies
from jobs.storage.quarantine import tables_of_quarantined
from jobs.storage.request_rows import Request
from jobs.storage.snapshots import latest
from jobs.storage.store import Store

RETIRED = "Retired"
# The tables whose sources name a batch in each row.
WITH_BATCH = ("enrolments", "activity", "attempts", "batches")


@dataclass(frozen=True)
class Tables:
    """The published tables, and the rules for protecting files, as this run found them."""

    progress: ClusteredTable
    batches: ClusteredTable
    collections: ClusteredTable
    learners: ClusteredTable
    policies: list[dict[str, str]]
    enrolments_snapshot_id: str | None
    quarantined: list[ClusteredTable]


@dataclass(frozen=True)
class PlatformCipher:
    """The platform's cipher with its key and salt."""

    key: str = field(repr=False)
    salt: str = field(repr=False)

    def seal(self, text: str) -> str:
        return cipher.encrypt(text, key=self.key, salt=self.salt)

    def open(self, text: str | None) -> str | None:
        return self.open_many([text])[0] if text else None

    def open_many(self, texts: list[str]) -> list[str | None]:
        return cipher.decrypt_many(texts, key=self.key, salt=self.salt)


@dataclass(frozen=True)
class Order:
    """One batch to make a file of; `organisation` is the one tenant reported, None for all."""

    batch: dict[str, Any]
    collection: dict[str, Any]
    organisation: str | None


@dataclass(frozen=True)
class Plan:
    """What is made for a request: files, entries of batches that get none, and the password."""

    orders: list[Order]
    without_file: list[dict[str, Any]]
    password: str | None = field(repr=False)


def open_tables(store: Store) -> Tables:
    """UnavailableError names the table that was never published."""
    with store.transaction() as connection:
        enrolments = latest(connection, ENROLMENTS.name)
        return Tables(
            progress=open_table(connection, PROGRESS),
            batches=open_table(connection, BATCHES),
            collections=open_table(connection, COLLECTIONS),
            learners=open_table(connection, LEARNERS),
            policies=policies(connection),
            enrolments_snapshot_id=enrolments.snapshot_id if enrolments else None,
            quarantined=tables_of_quarantined(connection, WITH_BATCH),
        )


def platform_cipher(settings: Settings) -> PlatformCipher:
    if settings.platform_key is None or settings.platform_salt is None:
        raise SettingsError(
            "SUNBIRD_BATCH_PLATFORM_KEY and SUNBIRD_BATCH_PLATFORM_SALT open e-mail, mobile and"
            " the keys of requests; one of them is not set. Set both as the platform has them."
        )
    key = settings.platform_key.get_secret_value()
    try:
        cipher.aes(key)
    except ValueError as error:
        raise SettingsError(f"SUNBIRD_BATCH_PLATFORM_KEY cannot be used: {error}") from None
    return PlatformCipher(key, settings.platform_salt.get_secret_value())


def learner_of(tables: Tables, user_id: str | None) -> dict[str, Any] | None:
    return first(tables.learners, user_id) if user_id else None


def is_reachable(learner: dict[str, Any] | None, platform: PlatformCipher) -> bool:
    """Whether the user has an active account with an e-mail address that can be written to."""
    if learner is None or learner.get("is_active") is False:
        return False
    address = platform.open(learner["email_cipher"])
    return bool(address and cells.ADDRESS.fullmatch(address.strip()))


def plan_of(
    request: Request,
    asked: Sequence[str],
    learner: dict[str, Any] | None,
    tables: Tables,
    settings: Settings,
    platform: PlatformCipher,
) -> Plan:
    """RequestError says, for the requester, why there is nothing to make."""
    requests.refuse_unknown_kind(request.job_id)
    orders, without_file = [], []
    for batch_id in asked:
        found = order_of(batch_id, request, learner, tables, settings)
        if isinstance(found, Order):
            orders.append(found)
        else:
            without_file.append(found)
    # After the question who may ask, which tells strangers nothing about an account.
    if learner and learner["email_cipher"] and platform.open(learner["email_cipher"]) is None:
        raise SettingsError(
            f"The e-mail address of the user {learner['user_id']} is there and does not open: it"
            " was enciphered with another key than SUNBIRD_BATCH_PLATFORM_KEY and _SALT. The"
            " request waits. Set both as the platform has them, or mend this user's row."
        )
    if not is_reachable(learner, platform):
        raise RequestError(
            "Your account has no e-mail address that can be used, so the file could not be sent."
            " Add your address to your profile on the platform, then ask again after two hours."
        )
    return Plan(orders, without_file, password_of(request, learner, tables, platform))


def order_of(
    batch_id: str,
    request: Request,
    learner: dict[str, Any] | None,
    tables: Tables,
    settings: Settings,
) -> Order | dict[str, Any]:
    """The batch to make, or the entry of one for which nothing can be made."""
    requester = requester_of(learner)
    batch = first(tables.batches, batch_id)
    if batch is None and requester is not None and requester.is_active:
        return answers.entry_without_file(
            channel=request.requested_channel, batch_id=batch_id, outcome=answers.UNKNOWN
        )
    collection = first(tables.collections, batch["collection_id"]) if batch else None
    refusal = may_have(
        requester,
        batch or {"batch_id": batch_id},
        collection or {},
        channel=request.requested_channel,
        admin_roles=settings.admin_roles,
    )
    if refusal or requester is None or batch is None:
        raise RequestError(refusal or f"The batch {batch_id} cannot be had.")
    if collection is not None and collection.get("status") == RETIRED:
        return answers.entry_without_file(
            channel=request.requested_channel, batch_id=batch_id, outcome=answers.RETIRED
        )
    problem = (
        collection.get("hierarchy_problem")
        if collection is not None
        else "the platform's list of courses does not hold it"
    )
    if collection is None or problem:
        raise RequestError(
            f"The course {batch['collection_id']} of the batch {batch_id} cannot be reported:"
            f" {problem}. The platform's team can mend that. Ask again once they did, or leave this"
            " batch out."
        )
    return Order(
        batch,
        collection,
        organisation_reported(requester, collection, channel=request.requested_channel),
    )


def password_of(
    request: Request, learner: dict[str, Any] | None, tables: Tables, platform: PlatformCipher
) -> str | None:
    """The file's password; None where neither the request nor the tenant asks for protection."""
    requester = requester_of(learner)
    tenants = {request.requested_channel or "", *(requester.tenants if requester else ())}
    level = requests.security_level(tables.policies, tenants=tenants, job_id=request.job_id)
    if not request.encryption_key:
        if level == requests.PASSWORD:
            raise RequestError(
                "Your organisation protects these files with a password, and the request gave none,"
                " so no file was made. Ask again and give a password."
            )
        return None
    password = platform.open(request.encryption_key)
    if not password:
        raise RequestError(
            "The password that the request gave cannot be read, so no file was made. Ask again and"
            " give the password anew."
        )
    return password


def first(table: ClusteredTable, key: str) -> dict[str, Any] | None:
    rows = table.rows(key)
    return rows[0] if rows else None
