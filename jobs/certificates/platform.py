"""A platform's own templates, read for the ledger, and what two looks at them differ in."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jobs.certificates.ledger import Scope, Version, name_key
from jobs.certificates.rules.conversion import converted
from jobs.contracts.certificates import BATCH, COMPLETION, MERIT
from jobs.errors import RequestError

NO_NAME, NO_ARTWORK, NO_TENANT = "no_name", "no_artwork", "no_tenant"
NO_ISSUER, SEVERAL_SIGNATORIES = "no_issuer", "several_signatories"
NAME_TWICE, TYPE_TWICE, ID_DIFFERS = "name_twice", "type_twice", "id_differs"
SIGNATURE_UNUSABLE = "signature_unusable"
# What a merit is given for, where its rule can be read.
OF_MERIT = frozenset({"score", "top"})

Template = Mapping[str, str | None]


@dataclass(frozen=True)
class Look:
    """What a look at the platform found against the ledger: rows to end and rows to begin."""

    ended: list[Version] = field(default_factory=list)
    begun: list[dict[str, Any]] = field(default_factory=list)
    gone_batch_count: int = 0


def observed(batch: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The templates of one batch as rows of the ledger that say nothing of time yet."""
    tenants = list(dict.fromkeys(one for one in batch["created_for"] or () if one))
    tenant_id = tenants[0] if len(tenants) == 1 else None
    templates = batch["certificate_templates"] or {}
    scope = Scope(batch["collection_id"], tenant_id, batch["batch_id"])
    rows = [
        row_of(scope, template_id, template or {}, has_tenant=bool(tenants))
        for template_id, template in sorted(templates.items())
    ]
    return [row | {"flags": sorted({*row["flags"], *twice(row, rows)})} for row in rows]


def row_of(
    scope: Scope, template_id: str, template: Template, *, has_tenant: bool
) -> dict[str, Any]:
    flags: set[str] = set() if has_tenant else {NO_TENANT}
    rule = rule_of(template.get("criteria"), scope.tenant_id, flags)
    name = (template.get("name") or "").strip() or None
    url = template.get("url") or None
    flags |= {flag for flag, is_so in ((NO_NAME, name is None), (NO_ARTWORK, url is None)) if is_so}
    if template.get("identifier") not in (None, "", template_id):
        flags.add(ID_DIFFERS)
    certificate_type = type_of(rule["keys"], name)
    return {
        "scope": BATCH,
        "course_id": scope.course_id,
        "tenant_id": scope.tenant_id,
        "batch_id": scope.batch_id,
        "certificate_type": certificate_type,
        "slot": scope.slot(certificate_type, template_id),
        "template_id": template_id,
        "template_name": name,
        "artwork_url": url or template.get("previewUrl") or template.get("artifactUrl") or None,
        **issuer_of(template.get("issuer"), flags),
        **signatory_of(template.get("signatoryList"), flags),
        "rule": rule["rule"],
        "rule_text": template.get("criteria"),
        "rule_problem": rule["problem"],
        "flags": sorted(flags),
        "fingerprint": fingerprint(template, scope),
    }


def rule_of(criteria: str | None, tenant_id: str | None, flags: set[str]) -> dict[str, Any]:
    try:
        made = converted(criteria or "", tenant_id=tenant_id)
    except RequestError as refused:
        return {"rule": None, "problem": str(refused), "keys": None}
    flags.update(made.flags)
    return {"rule": made.rule.text(), "problem": None, "keys": made.rule.keys()}


def type_of(keys: frozenset[str] | None, name: str | None) -> str:
    """The platform has no types: a merit asks for more than completion, or says so in its name."""
    is_merit = bool(keys & OF_MERIT) if keys is not None else "merit" in name_key(name)
    return MERIT if is_merit else COMPLETION


def issuer_of(text: str | None, flags: set[str]) -> dict[str, Any]:
    issuer = read(text)
    name = issuer.get("name") if isinstance(issuer, dict) else None
    if not isinstance(name, str) or not name.strip():
        flags.add(NO_ISSUER)
        return {}
    return {"issuer_name": name.strip(), "issuer_url": text_or_none(issuer.get("url"))}


def signatory_of(text: str | None, flags: set[str]) -> dict[str, Any]:
    """The first signatory; `signature` is the picture as written, an address or the data itself."""
    signatories = [one for one in read(text) or () if isinstance(one, dict)]
    if not signatories:
        return {}
    if len(signatories) > 1:
        flags.add(SEVERAL_SIGNATORIES)
    first = signatories[0]
    return {
        "signatory_name": text_or_none(first.get("name")),
        "signatory_designation": text_or_none(first.get("designation")),
        "signature_url": text_or_none(first.get("image")),
    }


def read(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def text_or_none(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def fingerprint(template: Template, scope: Scope) -> str:
    """Differs where the template says something else, not where its JSON is in another order."""
    said = {name: value if (inner := read(value)) is None else inner
            for name, value in template.items()}  # fmt: skip
    text = json.dumps([said, scope.tenant_id], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def twice(row: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> set[str]:
    others = [other for other in rows if other["template_id"] != row["template_id"]]
    same_name = any(name_key(one["template_name"]) == name_key(row["template_name"]) != ""
                    for one in others)  # fmt: skip
    same_type = any(one["certificate_type"] == row["certificate_type"] for one in others)
    return {flag for flag, is_so in ((NAME_TWICE, same_name), (TYPE_TWICE, same_type)) if is_so}


def difference(batches: Iterable[Mapping[str, Any]], held: Iterable[Version]) -> Look:
    """What the ledger must learn. A batch that is gone ends nothing: what was earned stays so."""
    known: set[str] = set()
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for batch in batches:
        known.add(batch["batch_id"])
        for row in observed(batch) if batch["certificate_templates"] else ():
            found[row["batch_id"], row["template_id"]] = row
    open_rows = {(str(row["batch_id"]), row["template_id"]): row for row in held}
    ended = [
        row
        for key, row in open_rows.items()
        if key[0] in known and fingerprint_of(found.get(key)) != row["fingerprint"]
    ]
    begun = [
        row for key, row in found.items()
        if row["fingerprint"] != fingerprint_of(open_rows.get(key))
    ]  # fmt: skip
    gone = {batch_id for batch_id, _ in open_rows} - known
    return Look(ended, begun, len(gone))


def fingerprint_of(row: Version | None) -> str | None:
    return row["fingerprint"] if row is not None else None


def flags_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many rows have each flag, and how many a rule that cannot be used."""
    counted = Counter(flag for row in rows for flag in row["flags"])
    unusable = sum(row["rule_problem"] is not None for row in rows)
    return dict(sorted(counted.items())) | ({"rule_unusable": unusable} if unusable else {})
