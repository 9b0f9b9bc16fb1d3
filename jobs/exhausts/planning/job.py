"""Reads what a request needs, and judges whether its requester may have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jobs.contracts.learning import BATCHES, COLLECTIONS, LEARNERS
from jobs.delivery.authorisation import may_have, organisation_reported, requester_of
from jobs.delivery.protection import Protection
from jobs.errors import RequestError, SettingsError
from jobs.exhausts import answers, cells, keys, policies, requests, user_info
from jobs.exhausts.kinds import Kind, kind_of
from jobs.settings import Settings
from jobs.sources import cipher
from jobs.storage.clustered import ClusteredTable, open_table
from jobs.storage.policies import policies as known_policies
from jobs.storage.quarantine import tables_of_quarantined
from jobs.storage.request_rows import Request
from jobs.storage.snapshots import latest
from jobs.storage.store import Store

RETIRED = "Retired"
NOT_LISTED = "the platform's list of courses does not hold it"


@dataclass(frozen=True)
class Tables:
    """The published tables, and the rules for protecting files, as this run found them.

    `source` is the exhaust table that the run's kind of file is cut from.
    """

    source: ClusteredTable
    batches: ClusteredTable
    collections: ClusteredTable
    learners: ClusteredTable
    policies: list[dict[str, Any]]
    told_by_snapshot_id: str | None
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
    """One batch to make a file of.

    `organisation` is the one tenant reported, None for all; `consumers` are the names of the
    organisation that gets the file.
    """

    batch: dict[str, Any]
    collection: dict[str, Any]
    organisation: str | None
    consumers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """What is made for a request: files, entries of batches that get none, how the files are
    locked, and what they are for."""

    orders: list[Order]
    without_file: list[dict[str, Any]]
    protection: Protection
    purpose: str | None = None


def open_tables(store: Store, kind: Kind) -> Tables:
    """UnavailableError names the table that was never published."""
    with store.transaction() as connection:
        told_by = latest(connection, kind.told_by)
        return Tables(
            source=open_table(connection, kind.table),
            batches=open_table(connection, BATCHES),
            collections=open_table(connection, COLLECTIONS),
            learners=open_table(connection, LEARNERS),
            policies=known_policies(connection),
            told_by_snapshot_id=told_by.snapshot_id if told_by else None,
            quarantined=tables_of_quarantined(connection, kind.kept_out_of),
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
    kind = kind_of(request.job_id)
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
    return Plan(
        orders,
        without_file,
        protection_of(request, learner, tables, platform, kind),
        requests.purpose_of(
            request.request_data,
            settings.purposes,
            otherwise=settings.default_purpose if kind.is_personal else None,
        ),
    )


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
    kind = kind_of(request.job_id)
    if collection is None or (kind.has_stages and collection.get("hierarchy_problem")):
        problem = (collection or {}).get("hierarchy_problem") or NOT_LISTED
        raise RequestError(
            f"The course {batch['collection_id']} of the batch {batch_id} cannot be reported:"
            f" {problem}. The platform's team can mend that. Ask again once they did, or leave this"
            " batch out."
        )
    if kind.needs_consent:
        user_info.refuse_unasked(collection, batch_id)
    return Order(
        batch,
        collection,
        organisation_reported(requester, collection, channel=request.requested_channel),
        requester.tenants,
    )


def protection_of(
    request: Request,
    learner: dict[str, Any] | None,
    tables: Tables,
    platform: PlatformCipher,
    kind: Kind,
) -> Protection:
    """How the request's files are locked; RequestError where that cannot be done."""
    requester = requester_of(learner)
    tenants = {request.requested_channel or "", *(requester.tenants if requester else ())}
    rule = policies.rule_for(
        tables.policies,
        tenants=tenants,
        job_id=request.job_id,
        otherwise=policies.LOCKED if kind.must_protect else policies.UNRULED,
    )
    if kind.must_protect:
        policies.refuse_plain(rule, job_id=request.job_id)
    made = policies.protection_of(rule, key=request.encryption_key, open_text=platform.open)
    if kind.must_protect and made.secret is not None:
        keys.refuse_weak(made.secret)
    return made


def first(table: ClusteredTable, key: str) -> dict[str, Any] | None:
    rows = table.rows(key)
    return rows[0] if rows else None
