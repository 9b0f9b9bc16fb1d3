"""The form for a file: find the batch, say what and for whom, and watch it until it is mailed."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sunbird_page.answers import JobError, run
from sunbird_page.form_token import refuse_foreign, token_for
from sunbird_page.looking import answers, seen_kinds
from sunbird_page.noting import note
from sunbird_page.rendering import rendered
from sunbird_page.rights import (
    EXHAUSTS,
    Id,
    Line,
    kinds_of,
    may_start,
    panels_of,
    refuse_unless,
    sees,
    started,
)

router = APIRouter()
ASKER = started(EXHAUSTS.values())
REQUESTS = sees("requests")
Search = Annotated[str, Line, Query()]
Text = Annotated[str, Line, Form()]


@router.get("/requests/new")
def batches(request: Request, user: Any = ASKER, search: Search = "") -> HTMLResponse:
    found = answers.of("batches", f"--search={search}")
    facts = {**found, "search": search, "panels": panels_of(user)}
    return rendered(request, "batches.html", facts)


@router.get("/requests/new/{batch_id}")
def form(request: Request, batch_id: Id, user: Any = ASKER) -> HTMLResponse:
    return form_page(request, user, batch_id, {}, "")


@router.post("/requests/new/{batch_id}")
def ask(
    request: Request,
    batch_id: Id,
    token: Text,
    number: Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")],
    kind: Text = "",
    asker: Text = "",
    purpose: Text = "",
    password: Text = "",
    user: Any = ASKER,
) -> Response:
    refuse_foreign(request, user, token)
    if kind not in EXHAUSTS:
        raise HTTPException(422, "Choose what the file is to hold.")
    refuse_unless(may_start(user, EXHAUSTS[kind]), "ask for files of this kind")
    wish = {"kind": kind, "asker": asker, "purpose": purpose, "number": number}
    try:
        request_id = submitted(batch_id, wish, password)
    except JobError as error:
        return form_page(request, user, batch_id, wish, str(error), status=409)
    note(user, "sunbird_batch.request", dag_id=EXHAUSTS[kind], extra={"request_id": request_id})
    answers.forget()
    # Seen after a reload instead of being sent again.
    return RedirectResponse(f"{request.scope['root_path']}/requests/{request_id}", 303)


def submitted(batch_id: str, wish: dict[str, str], password: str) -> str:
    """The id of the request; the same form sent twice is the same request."""
    arguments = [
        *("request", wish["kind"], f"--batch={batch_id}", f"--requested-by={wish['asker']}"),
        f"--tag=airflow-{wish['number'][:12]}",
    ]
    if wish["purpose"]:
        arguments.append(f"--purpose={wish['purpose']}")
    if password:
        # Never an argument: those are seen by whoever lists the machine's processes.
        arguments.append("--key-file=/dev/stdin")
    return run(arguments, given=password).strip()


def form_page(
    request: Request,
    user: Any,
    batch_id: str,
    wish: dict[str, str],
    said: str,
    *,
    status: int = 200,
) -> HTMLResponse:
    facts = answers.of("batch", "--", batch_id)
    return rendered(
        request,
        "form.html",
        {
            **facts,
            "kinds": [kind for kind in facts["kinds"] if kind in kinds_of(user, may_start)],
            "wish": {"kind": "", "asker": "", "purpose": "", "number": uuid.uuid4().hex} | wish,
            "said": said,
            "token": token_for(user),
            "panels": panels_of(user),
        },
        status=status,
    )


@router.get("/requests/{request_id}")
def one(request: Request, request_id: Id, user: Any = REQUESTS) -> HTMLResponse:
    """How far a request is; the page loads itself again until there is nothing to wait for."""
    facts = answers.of("request", "--", request_id)
    refuse_unless(facts["request"]["job_id"] in seen_kinds(user), "see this request")
    return rendered(request, "request.html", {**facts, "panels": panels_of(user)})
