"""What people order of the ledger, and the words and days that they may use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jobs.certificates.ledger import Version
from jobs.contracts.certificates import CERTIFICATE_TYPES, COMPLETION
from jobs.errors import RequestError

ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)
# No platform of this kind is older: an earlier day is a clock that was never set.
EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
COMPLETED = '{"enrollment":{"status":2}}'
LONGEST_RULE = 20_000


@dataclass(frozen=True)
class Order:
    """One attach, update or remove: what is None is not said."""

    certificate_type: str
    by: str
    reason: str
    course_id: str | None = None
    tenant_id: str | None = None
    batch_id: str | None = None
    template_id: str | None = None
    template_name: str | None = None
    description: str | None = None
    artwork: Path | None = None
    issuer_id: str | None = None
    rule: str | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Change:
    """What an order did to the ledger, or would do: the versions ended, those opened, and notes."""

    ended: Sequence[Version] = ()
    begun: Sequence[Version] = ()
    notes: Sequence[str] = ()


def checked(order: Order, *, now: datetime) -> Order:
    """The order itself; RequestError names what in it cannot be."""
    if order.certificate_type not in CERTIFICATE_TYPES:
        raise RequestError(
            f"--type promised one of {', '.join(CERTIFICATE_TYPES)}; found"
            f" {order.certificate_type!r}."
        )
    by_course = order.course_id is not None and order.tenant_id is not None
    if (order.batch_id is not None) == by_course or (
        order.batch_id is not None and (order.course_id or order.tenant_id)
    ):
        raise RequestError(
            "The scope of a certificate is a course within a tenant, --course and --tenant, or one"
            " batch, --batch alone. Give one of them."
        )
    for option, value in (
        ("--course", order.course_id), ("--tenant", order.tenant_id), ("--batch", order.batch_id),
        ("--template", order.template_id), ("--issuer", order.issuer_id),
    ):  # fmt: skip
        if value is not None and not ID.fullmatch(value):
            raise RequestError(
                f"{option} promised an id of letters, digits and . : _ -, at most 100 of them;"
                f" found {value[:120]!r}."
            )
    text_of("--by", order.by, 100)
    text_of("--reason", order.reason, 500)
    if order.template_name is not None:
        text_of("--name", order.template_name, 200)
    if order.description is not None:
        text_of("--description", order.description, 500)
    if order.rule is not None and len(order.rule) > LONGEST_RULE:
        raise RequestError(f"--rule promised at most {LONGEST_RULE} letters of JSON.")
    if order.since is not None:
        refuse_day("--since", order.since, now=now)
    return order


def text_of(option: str, text: str, longest: int) -> str:
    """Words that can be printed on paper; RequestError where they cannot."""
    if (
        not text.strip()
        or len(text) > longest
        or any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in text)
    ):
        raise RequestError(
            f"{option} promised one line of 1 to {longest} letters; found"
            f" {len(text)} letters{'' if text.strip() else ', all blank'}."
        )
    return text.strip()


def refuse_day(option: str, day: datetime, *, now: datetime) -> None:
    if not EARLIEST <= day <= now:
        raise RequestError(
            f"{option} promised an instant from {EARLIEST:%Y-%m-%d} to now; found"
            f" {day:%Y-%m-%d %H:%M} UTC. A template is attached from now on, or since a day that is"
            " agreed on."
        )


def rule_text(order: Order) -> str:
    """The rule as given; who completed earns a completion, a merit must say more."""
    if order.rule is not None:
        return order.rule
    if order.certificate_type != COMPLETION:
        raise RequestError(
            "A merit certificate promised a rule, or it is one of completion. Give --rule such as"
            ' {"enrollment":{"status":2},"assessment":{"score":{">=":80}}}.'
        )
    return COMPLETED
