"""Which rule for protecting files counts for a request, and the protection that keeps it.

Every way in which a rule cannot be kept ends in a RequestError: a file is then never made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from jobs.contracts.protection import (
    EVERYWHERE,
    PASSWORD,
    PLAIN,
    PUBLIC_KEY,
    SECURITY_LEVELS,
    TEXT_KEY,
)
from jobs.delivery.protection import UNPROTECTED, Protection
from jobs.delivery.public_keys import fingerprint, read_public_key
from jobs.errors import ArchiveError, RequestError

# A ciphertext to its text; None where it does not open.
Open = Callable[[str], str | None]


@dataclass(frozen=True)
class Rule:
    """A level, and the tenant's own keys: one at most is of use, several are a contradiction."""

    level: str = PLAIN
    public_keys: frozenset[str] = field(default=frozenset(), repr=False)
    text_keys: frozenset[str] = field(default=frozenset(), repr=False)


UNRULED = Rule()
# What counts for personal data where nobody set a rule.
LOCKED = Rule(PASSWORD)


def rule_for(
    policies: Iterable[dict[str, Any]],
    *,
    tenants: Collection[str],
    job_id: str,
    otherwise: Rule = UNRULED,
) -> Rule:
    """The tenant's rows before everybody's, the kind's before all's; of those the strictest."""
    own = [policy for policy in policies if policy["job_id"] in (job_id, EVERYWHERE)]
    for channels in (set(tenants) - {EVERYWHERE}, {EVERYWHERE}):
        for kind in (job_id, EVERYWHERE):
            near = [one for one in own if one["channel"] in channels and one["job_id"] == kind]
            if near:
                return strictest(near)
    return otherwise


def refuse_plain(rule: Rule, *, job_id: str) -> None:
    """RequestError where the rule would leave personal data in the clear."""
    if rule.level == PLAIN:
        raise RequestError(
            "The file would hold names and addresses, and your organisation's rule asks for it"
            f" without protection ({PLAIN}), so no file was made. Ask your administrator to set"
            f" {PASSWORD} for {job_id}."
        )


def strictest(policies: list[dict[str, Any]]) -> Rule:
    levels = {policy["security_level"] for policy in policies}
    if unknown := levels - set(SECURITY_LEVELS):
        raise RequestError(
            "Your organisation's rule for protecting files,"
            f" {', '.join(sorted(map(repr, unknown)))}, cannot be kept, so no file was made. Ask"
            f" your administrator to set one of: {', '.join(SECURITY_LEVELS)}."
        )
    level = max(levels, key=SECURITY_LEVELS.index)
    counting = [policy for policy in policies if policy["security_level"] == level]
    return Rule(
        level,
        frozenset(one["public_key"] for one in counting if one.get("public_key")),
        frozenset(one["text_key"] for one in counting if one.get("text_key")),
    )


def protection_of(rule: Rule, *, key: str | None, open_text: Open) -> Protection:
    """How the file of a request is locked; `key` is the request's own, as a ciphertext.

    A key that was given is used also where no rule asks for one.
    """
    if rule.level == PUBLIC_KEY:
        return for_public_key(rule)
    level = PASSWORD if rule.level == PLAIN and key else rule.level
    if level == PLAIN:
        return UNPROTECTED
    return Protection(level, secret=opened(key, open_text) if key else own_key(rule, open_text))


def opened(key: str, open_text: Open) -> str:
    text = open_text(key)
    if not text:
        raise RequestError(
            "The password that the request gave cannot be read, so no file was made. Ask again and"
            " give the password anew."
        )
    return text


def own_key(rule: Rule, open_text: Open) -> str:
    """The tenant's text key, where the request brought none."""
    if rule.level != TEXT_KEY or not rule.text_keys:
        raise RequestError(
            "Your organisation protects these files with a password, and the request gave none,"
            " so no file was made. Ask again and give a password."
        )
    texts = {open_text(key) for key in rule.text_keys}
    text = texts.pop()
    if texts or not text:
        raise RequestError(unusable("text key", "there are several" if texts else ""))
    return text


def for_public_key(rule: Rule) -> Protection:
    if not rule.public_keys:
        raise RequestError(unusable("public key", "there is none"))
    try:
        keys = {fingerprint(key): key for key in map(read_public_key, rule.public_keys)}
    except ArchiveError:
        raise RequestError(unusable("public key", "")) from None
    if len(keys) > 1:
        raise RequestError(unusable("public key", "there are several"))
    (key,) = keys.values()
    return Protection(PUBLIC_KEY, public_key=key)


def unusable(name: str, why: str) -> str:
    return (
        f"Your organisation's rule for protecting files needs its {name}, and"
        f" {why or 'it cannot be read'}, so no file was made. Ask your administrator to set the"
        " key anew."
    )
