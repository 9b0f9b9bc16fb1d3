"""Every shape in which rules are found becomes the normal form, or is refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from jobs.certificates.rules.model import BOUNDS, DEEPEST, MOST_CONDITIONS, Condition, Group
from jobs.certificates.rules.values import (
    OPERATORS,
    WRITTEN,
    UnusableRuleError,
    is_placeholder,
    number_text,
    plain_number,
    refusal,
    shown,
)

BARE_VALUE = "bare_value"
NO_CONDITION = "no_condition"

# Sunbird's sections, and which of its words in each is which of our keys.
ENROLMENT = {
    "status": "status", "progress": "completed", "completed": "completed", "score": "score",
    "timespent": "timespent",
}  # fmt: skip
SECTIONS = {
    "enrollment": ENROLMENT,
    "enrolment": ENROLMENT,
    "assessment": {"score": "score"},
    "user": {"rootOrgId": "rootOrgId", "age": "age"},
    "users": {"rootOrgId": "rootOrgId", "age": "age"},
}
CHANNEL = "?channel"
EVERYBODY = ("", "all")


@dataclass(frozen=True)
class Converted:
    """A rule in the normal form, and what of the way it was written a person should look at."""

    rule: Group
    flags: tuple[str, ...] = ()


def converted(given: Any, *, tenant_id: str | None) -> Converted:
    """The normal form of a rule: its JSON text, or what such a text holds.

    `?channel` becomes the tenant. Raises RequestError naming the part that cannot be used.
    """
    flags: set[str] = set()
    try:
        read = parsed(given) if isinstance(given, str) else given
        parts = Reading(tenant_id, flags).parts(read, "the rule", 1)
        rule = parts[0] if len(parts) == 1 and isinstance(parts[0], Group) else grouped(parts)
        if sum(1 for _ in rule.conditions()) > MOST_CONDITIONS:
            raise UnusableRuleError(f"the rule has more than {MOST_CONDITIONS} conditions")
    except RecursionError:
        raise refusal(f"the rule is nested more than {DEEPEST} deep") from None
    except UnusableRuleError as problem:
        raise refusal(str(problem)) from None
    if any(is_placeholder(condition.value) for condition in rule.conditions()):
        raise refusal("a placeholder was left in a value")
    return Converted(rule, tuple(sorted(flags)))


def parsed(text: str) -> Any:
    if not text.strip():
        raise UnusableRuleError("the rule is empty")
    try:
        return json.loads(text, parse_float=Decimal, object_pairs_hook=only_once)
    except json.JSONDecodeError as error:
        raise UnusableRuleError(
            f"the rule is not JSON at character {error.pos + 1}: {error.msg}"
        ) from None
    except UnusableRuleError:
        raise
    except ValueError as error:
        raise UnusableRuleError(f"the rule is not JSON: {error}") from None


def only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON keeps the last of two equal names, silently; a rule must not lose a condition so."""
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnusableRuleError(f"`{twice[0]}` is given twice")
    return dict(pairs)


def grouped(parts: list[Condition | Group]) -> Group:
    """All of them; where nothing was asked, completion is."""
    return Group(op="AND", rules=tuple(parts or [Condition(key="status", cmp="=", value="2")]))


@dataclass(frozen=True)
class Reading:
    """One rule being read: `where` names the place, for the message."""

    tenant_id: str | None
    flags: set[str]

    def parts(self, given: Any, where: str, depth: int) -> list[Condition | Group]:
        """The conditions and groups that must all hold."""
        if depth > DEEPEST:
            raise UnusableRuleError(f"the rule is nested more than {DEEPEST} deep")
        if isinstance(given, list):
            return self.listed(given, where, depth)
        if not isinstance(given, dict):
            raise UnusableRuleError(f"{where} is {shown(given)}, neither an object nor a list")
        if not given:
            raise UnusableRuleError(f"{where} is empty")
        if "op" in given or "rules" in given:
            return [self.group(given, where, depth)]
        if "key" in given:
            return self.entry(given, where)
        return self.sections(given)

    def listed(self, given: list[Any], where: str, depth: int) -> list[Condition | Group]:
        if not given:
            raise UnusableRuleError(f"{where} is an empty list")
        found: list[Condition | Group] = []
        for number, one in enumerate(given, 1):
            if not isinstance(one, dict):
                raise UnusableRuleError(f"entry {number} of {where} is {shown(one)}, no object")
            found += self.parts(one, f"entry {number} of {where}", depth + 1)
        return self.some(found)

    def group(self, given: dict[str, Any], where: str, depth: int) -> Group:
        unknown = sorted(set(given) - {"op", "rules"})
        op = given.get("op")
        if unknown or not isinstance(op, str) or op.strip().upper() not in ("AND", "OR"):
            wrong = f"`{unknown[0]}`" if unknown else f"op {shown(op)}"
            raise UnusableRuleError(
                f"{where} is a group with {wrong}; it has op (AND or OR) and rules"
            )
        if not isinstance(given.get("rules"), list) or not given["rules"]:
            raise UnusableRuleError(f"{where} is a group without a list of rules")
        is_or = op.strip().upper() == "OR"
        found: list[Condition | Group] = []
        for number, one in enumerate(given["rules"], 1):
            parts = self.parts(one, f"rule {number} of {where}", depth + 1)
            if is_or and not parts:
                # "everybody" beside others: the group asks nothing.
                self.flags.add(NO_CONDITION)
                return grouped([])
            found += [grouped(parts)] if is_or and len(parts) > 1 else parts
        return Group(op="OR", rules=tuple(found)) if is_or else grouped(self.some(found))

    def some(self, found: list[Condition | Group]) -> list[Condition | Group]:
        if not found:
            self.flags.add(NO_CONDITION)
        return found

    def entry(self, given: dict[str, Any], where: str) -> list[Condition | Group]:
        """The seed's form: {key, expression, value}; ours says cmp."""
        words = {"cmp", "expression", "operator"} & set(given)
        unknown = sorted(set(given) - {"key", "value"} - words)
        if unknown or len(words) != 1 or "value" not in given:
            wrong = f"`{unknown[0]}`" if unknown else f"only {', '.join(sorted(given))}"
            raise UnusableRuleError(f"{where} has {wrong}; it has key, expression and value")
        key = given["key"].strip() if isinstance(given["key"], str) else given["key"]
        if key not in ("rootOrgId", *BOUNDS):
            raise UnusableRuleError(f"{where} has the unknown key {shown(given['key'])}")
        return self.condition(key, given[words.pop()], given["value"], where)

    def sections(self, given: dict[str, Any]) -> list[Condition | Group]:
        """Sunbird's form: {"enrollment": {…}, "assessment": {…}, "user": {…}}."""
        found: list[Condition | Group] = []
        for section, fields in given.items():
            if section not in SECTIONS:
                raise UnusableRuleError(
                    f"`{section}` is no section of a rule: those are {', '.join(SECTIONS)}"
                )
            if not isinstance(fields, dict) or not fields:
                raise UnusableRuleError(
                    f"`{section}` is {shown(fields)}, no object with conditions"
                )
            for name, value in fields.items():
                key = SECTIONS[section].get(name)
                if key is None:
                    raise UnusableRuleError(
                        f"`{section}.{name}` is unknown: `{section}` has"
                        f" {', '.join(SECTIONS[section])}"
                    )
                found += self.field(key, value, f"`{section}.{name}`")
        return self.some(found)

    def field(self, key: str, given: Any, where: str) -> list[Condition | Group]:
        if isinstance(given, dict):
            if not given:
                raise UnusableRuleError(f"{where} has no operator")
            return [
                part
                for word, value in given.items()
                for part in self.condition(key, word, value, where)
            ]
        if isinstance(given, str) and (written := WRITTEN.fullmatch(given)):
            return self.condition(key, written.group(1), written.group(2), where)
        if key not in ("status", "rootOrgId"):
            self.flags.add(BARE_VALUE)
        return self.condition(key, "=", given, where)

    def condition(self, key: str, word: Any, value: Any, where: str) -> list[Condition | Group]:
        cmp = OPERATORS.get(word.strip().lower()) if isinstance(word, str) else None
        if cmp is None:
            raise UnusableRuleError(f"{where} has the unknown operator {shown(word)}")
        text = self.text_of(key, value, where)
        if key == "rootOrgId" and text.casefold() in EVERYBODY:
            return []
        try:
            return [Condition(key=key, cmp=cmp, value=text)]
        except ValidationError as error:
            said = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise UnusableRuleError(f"{where}: {said}") from None

    def text_of(self, key: str, value: Any, where: str) -> str:
        read: Callable[[str], str] = self.organisation if key == "rootOrgId" else number_text
        if isinstance(value, str):
            text = value.strip()
            if text != CHANNEL and is_placeholder(text):
                raise UnusableRuleError(f"{where} holds the placeholder {shown(text)} and no value")
            return read(text)
        if key != "rootOrgId" and not isinstance(value, bool) and isinstance(value, int | Decimal):
            return read(plain_number(value, where))
        raise UnusableRuleError(f"{where} has the value {shown(value)}, which is no text or number")

    def organisation(self, text: str) -> str:
        if text != CHANNEL:
            return text
        if self.tenant_id is None:
            raise UnusableRuleError(
                f"{CHANNEL} stands for the tenant, and the batch has not exactly one"
            )
        return self.tenant_id
