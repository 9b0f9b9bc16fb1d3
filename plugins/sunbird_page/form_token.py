"""What a form carries to show that this page gave it, to this user, within the last hours."""

from typing import Any

from airflow.configuration import conf
from fastapi import HTTPException, Request
from itsdangerous import BadSignature, URLSafeTimedSerializer

HOURS_12 = 12 * 3600


def signer() -> URLSafeTimedSerializer:
    # The same for every API server of an Airflow: sessions are signed with it too.
    return URLSafeTimedSerializer(conf.get_mandatory_value("api", "secret_key"), "sunbird-batch")


def token_for(user: Any) -> str:
    return signer().dumps(str(user.get_id()))


def refuse_foreign(request: Request, user: Any, token: str) -> None:
    """403 for a form that another site sent, or that was given to somebody else."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "The form was sent by another site. Open the page and try again.")
    try:
        known = signer().loads(token, max_age=HOURS_12)
    except BadSignature:
        known = None
    if known != str(user.get_id()):
        raise HTTPException(403, "The form is too old or not yours. Open the page and try again.")
