"""Takes in what came back: the message is undeliverable, its address suppressed, the team told."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.delivery.dsn import Bounce, read_bounce
from jobs.delivery.outbox import team_notice
from jobs.errors import UnavailableError
from jobs.settings import Settings
from jobs.storage import deliveries
from jobs.storage.deliveries import Delivery
from jobs.storage.store import Store
from jobs.storage.suppressions import suppress

log = structlog.get_logger()

# A mailbox of the kind Maildir keeps what is unread and read in these.
PLACES = ("", "new", "cur")
UNMATCHED = "unmatched"


def run_bounces(settings: Settings, store: Store, now: datetime) -> Counter[str]:
    """Read every message of the mailbox once; how many were permanent, passing or not ours.

    What was taken in is removed, since it names addresses; what is not ours is put aside for
    people. A run that is killed takes the same message in again, which changes nothing.
    """
    outcomes: Counter[str] = Counter()
    try:
        for file in waiting(settings.bounces):
            bounce = read_bounce(file.read_bytes())
            outcome = take_in(settings, store, bounce, now) if bounce else UNMATCHED
            if outcome == UNMATCHED:
                aside = settings.bounces / UNMATCHED
                aside.mkdir(exist_ok=True)
                file.replace(aside / file.name)
            else:
                file.unlink()
            outcomes[outcome] += 1
    except OSError as error:
        raise UnavailableError(
            f"The mailbox {settings.bounces} promised messages that can be read and moved; the"
            f" disk said: {error.strerror}. Give this user its rights; what was taken in stays so."
        ) from error
    return outcomes


def waiting(mailbox: Path) -> list[Path]:
    return sorted(
        file
        for place in PLACES
        for file in (mailbox / place).glob("*")
        if file.is_file() and not file.name.startswith(".")
    )


def take_in(settings: Settings, store: Store, bounce: Bounce, now: datetime) -> str:
    reason = f"The message came back with {bounce.status}."
    with store.transaction() as connection:
        delivery = deliveries.sent(connection, bounce.delivery_id)
        if delivery is None:
            return UNMATCHED
        if not bounce.is_permanent:
            deliveries.note(connection, bounce.delivery_id, server_said=reason)
            return "passing"
        deliveries.mark_ended(connection, delivery, status="undeliverable", server_said=reason)
        # The team's own mailbox is not shut: it hears of everything else.
        if bounce.address and delivery.recipient_role is None:
            suppress(connection, bounce.address, reason=bounce.status, now=now)
        tell_team(settings, connection, delivery, bounce, now)
    log.warning("delivery undeliverable", id=bounce.delivery_id, status=bounce.status)
    return "permanent"


def tell_team(
    settings: Settings,
    connection: Connection[DictRow],
    delivery: Delivery,
    bounce: Bounce,
    now: datetime,
) -> None:
    if settings.team_address is None or delivery.kind == "team_notice":
        return
    reason = (
        f"The recipient's mail server sent the message back for good ({bounce.status}). The"
        " address is not mailed any more until it is corrected in the user's profile."
    )
    deliveries.enqueue(connection, **team_notice(delivery, reason, now))
