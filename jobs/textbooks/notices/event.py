"""The platform's event of an adopted textbook whose values a state changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

PRODUCER = "sunbird-batch"


def updated_event(notice: Mapping[str, Any]) -> dict[str, Any]:
    """An AUDIT event; its `mid` is the notice's, so that a second telling is known as one."""
    state = [{"type": "State", "id": notice["state_code"]}] if notice["state_code"] else []
    return {
        "eid": "AUDIT",
        "ets": int(notice["noticed_at"].timestamp() * 1000),
        "ver": "3.0",
        "mid": f"LP.AUDIT.{notice['notice_id']}",
        "actor": {"type": "System", "id": PRODUCER},
        "context": {
            "channel": notice["adopting_channel"],
            "pdata": {"id": "org.sunbird.platform", "pid": PRODUCER, "ver": "1.0"},
            "env": "TextbookAdoption",
            "cdata": [{"type": "Board", "id": notice["board"]}, *state],
        },
        "object": {"type": "Content", "id": notice["textbook_id"]},
        "edata": {
            "type": "textbook-adoption-updated",
            "props": [changed["field"] for changed in notice["changes"]],
            "adoptionId": notice["adoption_id"],
            "name": notice["name"] or "",
            "changes": notice["changes"],
        },
    }


def as_lines(notices: Iterable[Mapping[str, Any]]) -> bytes:
    """One event a line, in the order of the notices."""
    lines = [
        json.dumps(updated_event(notice), ensure_ascii=False, sort_keys=True) for notice in notices
    ]
    return "".join(f"{line}\n" for line in lines).encode()
