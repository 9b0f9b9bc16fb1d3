"""Lists, sets and removes the tenants' rules for protecting files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.learning import BATCHES, COLLECTIONS, LEARNERS
from jobs.contracts.protection import EVERYWHERE, PLAIN, PUBLIC_KEY, SECURITY_LEVELS, TEXT_KEY
from jobs.delivery.public_keys import fingerprint, read_public_key
from jobs.errors import ArchiveError, RequestError, SettingsError
from jobs.exhausts import policies
from jobs.exhausts.keys import refuse_weak
from jobs.exhausts.kinds import KIND_OF
from jobs.exhausts.planning.job import platform_cipher
from jobs.settings import Settings
from jobs.storage import policies as kept
from jobs.storage.audit import Entry, append
from jobs.storage.clustered import open_table
from jobs.storage.store import Store

log = structlog.get_logger()

KNOWN_SHOWN = 10


@dataclass(frozen=True)
class Wish:
    """A rule as somebody asks for it: the keys as their texts."""

    channel: str
    kind: str
    level: str
    public_key: str | None = None
    text_key: str | None = field(default=None, repr=False)


def list_policies(settings: Settings, store: Store) -> list[dict[str, Any]]:
    """Every rule, which key it has, and whether it can be kept."""
    with store.transaction() as connection:
        rows = kept.policies(connection)
    return [shown(settings, row) for row in rows]


def set_policy(
    settings: Settings,
    store: Store,
    wish: Wish,
    *,
    by: str,
    is_new_tenant: bool = False,
    is_dry: bool = False,
    now: datetime,
) -> dict[str, Any]:
    """The rule as it stands from now on; RequestError where it could not be kept."""
    refuse_unkeepable(wish)
    row = {
        "channel": wish.channel,
        "job_id": wish.kind,
        "security_level": wish.level,
        "public_key": wish.public_key.strip() if wish.public_key else None,
        "text_key": platform_cipher(settings).seal(wish.text_key) if wish.text_key else None,
        "changed_at": now,
    }
    with store.transaction() as connection:
        if not is_new_tenant:
            refuse_unknown_tenant(connection, wish.channel)
        if not is_dry:
            kept.set_policy(connection, row, now)
            details = {"level": wish.level, "key": key_of(row)}
            append(connection, entry("policy_set", wish.channel, wish.kind, by, details), now)
    if not is_dry:
        log.info("policy_set", channel=wish.channel, kind=wish.kind, level=wish.level)
    return shown(settings, row)


def remove_policy(store: Store, *, channel: str, kind: str, by: str, now: datetime) -> None:
    """The rule is gone: the next less special one counts."""
    with store.transaction() as connection:
        if not kept.remove_policy(connection, channel, kind):
            raise RequestError(
                f"There is no rule for the tenant {channel!r} and the kind {kind!r}."
                " `python -m jobs policy list` shows those that there are."
            )
        append(connection, entry("policy_removed", channel, kind, by), now)
    log.info("policy_removed", channel=channel, kind=kind)


def entry(
    event: str, channel: str, kind: str, by: str, details: dict[str, Any] | None = None
) -> Entry:
    return Entry(event=event, asked_by=by, channel=channel, job_id=kind, details=details)


def refuse_unkeepable(wish: Wish) -> None:
    if wish.level not in SECURITY_LEVELS:
        raise RequestError(
            f"There is no level {wish.level!r}. The levels are: {', '.join(SECURITY_LEVELS)}."
        )
    if wish.kind not in (*KIND_OF, EVERYWHERE):
        raise RequestError(
            f"There is no kind of file {wish.kind!r}. The kinds are: {', '.join(KIND_OF)}, and"
            f" {EVERYWHERE} for all."
        )
    if wish.level == PLAIN and wish.kind in KIND_OF and KIND_OF[wish.kind].must_protect:
        raise RequestError(
            f"Files of the kind {wish.kind} hold names and addresses and are never made without a"
            " key. Set another level, or remove the rule: without one they need a password."
        )
    if (wish.level == PUBLIC_KEY) != (wish.public_key is not None):
        raise RequestError(f"A public key goes with {PUBLIC_KEY}, and with no other level.")
    if wish.text_key is not None and wish.level != TEXT_KEY:
        raise RequestError(f"A text key goes with {TEXT_KEY}, and with no other level.")
    if wish.public_key is not None:
        read_public_key(wish.public_key)
    if wish.text_key is not None:
        refuse_weak(wish.text_key)


def refuse_unknown_tenant(connection: Connection[DictRow], channel: str) -> None:
    """RequestError where nothing on the platform belongs to such a tenant."""
    if channel == EVERYWHERE:
        return
    known: set[str] = set()
    # Courses and batches are few; users are looked at for a tenant that has neither.
    for contract, columns in (
        (COLLECTIONS, ["channel"]),
        (BATCHES, ["created_for"]),
        (LEARNERS, ["root_org_id", "channel"]),
    ):
        for page in open_table(connection, contract).scan(columns):
            known.update(names_in(page))
        if channel in known:
            return
    some = ", ".join(sorted(known)[:KNOWN_SHOWN]) or "none"
    raise RequestError(
        f"No course, batch or user of the platform belongs to a tenant {channel!r}. Known are:"
        f" {some}. Check the spelling; for a tenant that is still to come give --new-tenant."
    )


def names_in(page: pa.RecordBatch) -> set[str]:
    flat = [one.flatten() if pa.types.is_list(one.type) else one for one in page.columns]
    return {name for names in flat for name in names.unique().to_pylist() if name}


def shown(settings: Settings, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "tenant": row["channel"],
        "kind": row["job_id"],
        "level": row["security_level"],
        "key": key_of(row),
        "changed_at": row["changed_at"],
        "can be kept": problem_of(settings, row) or "yes",
    }


def key_of(row: dict[str, Any]) -> str:
    """Which key, in words that open nothing."""
    if row["public_key"]:
        try:
            return fingerprint(read_public_key(row["public_key"]))
        except ArchiveError:
            return "unreadable"
    return "a text key of the tenant" if row["text_key"] else "the requester's own"


def problem_of(settings: Settings, row: dict[str, Any]) -> str:
    """Why every request under this rule would fail; empty where they would not."""
    try:
        rule = policies.strictest([row])
        if rule.level == PUBLIC_KEY or rule.text_keys:
            platform = platform_cipher(settings)
            policies.protection_of(rule, key=None, open_text=platform.open)
    except (RequestError, SettingsError) as error:
        return f"no: {error}"
    return ""
