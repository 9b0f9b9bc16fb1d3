"""The Sunbird event of a certificate that was issued: one learner, one event, always the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

NAMESPACE = UUID("0d8f0c3e-5a5e-5b70-8f0e-2b1f7c0a9e55")
PRODUCER = "sunbird-batch"


def issued_event(certificate: Mapping[str, Any], *, page: str) -> bytes:
    """The platform's own AUDIT event, with what `user_enrolments.issued_certificates` holds.

    `mid` is made of the certificate's id, so that a second telling is known as one.
    """
    issued_at = certificate["issued_at"]
    certificate_id = certificate["certificate_id"]
    event = {
        "eid": "AUDIT",
        "ets": int(issued_at.timestamp() * 1000),
        "ver": "3.0",
        "mid": f"LP.AUDIT.{uuid5(NAMESPACE, certificate_id)}",
        "actor": {"type": "User", "id": certificate["user_id"]},
        "context": {
            "channel": "in.ekstep",
            "pdata": {"id": "org.sunbird.platform", "pid": PRODUCER, "ver": "1.0"},
            "env": "Course",
            "cdata": [{"type": "CourseBatch", "id": certificate["batch_id"]}],
        },
        "object": {
            "type": "Certificate",
            "id": certificate_id,
            "rollup": {"l1": certificate["course_id"]},
        },
        "edata": {
            "type": "certificate-issued-svg",
            "props": ["certificates"],
            "userId": certificate["user_id"],
            "courseId": certificate["course_id"],
            "batchId": certificate["batch_id"],
            "templateId": certificate["template_id"],
            "oldId": certificate["replaces_id"] or "",
            "certificate": {
                "identifier": certificate_id,
                "name": certificate["template_name"] or "",
                "token": "",
                # In the form that the platform's own issuer writes.
                "lastIssuedOn": issued_at.strftime("%Y-%m-%dT%H:%M:%S.")
                + f"{issued_at.microsecond // 1000:03}+0000",
                "url": page,
            },
        },
    }
    return json.dumps(event, ensure_ascii=False, sort_keys=True).encode()
