"""The messages of which nobody knows whether they arrived: a person releases or drops them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sunbird_page.answers import JobError, run
from sunbird_page.form_token import refuse_foreign, token_for
from sunbird_page.looking import answers
from sunbird_page.noting import note
from sunbird_page.rendering import rendered
from sunbird_page.rights import Id, Line, decides, may_change, panels_of, sees

router = APIRouter()
MAIL = sees("mail")
DECIDER = decides()
Text = Annotated[str, Line, Form()]


@router.get("/messages")
def messages(request: Request, user: Any = MAIL, done: str = "") -> HTMLResponse:
    said = {"release": "Released: the next run of the mailer sends it.", "drop": "Dropped."}
    return page(request, user, said=said.get(done, ""))


@router.post("/messages/{delivery_id}/{decision}")
def decide(
    request: Request,
    delivery_id: Id,
    decision: Literal["release", "drop"],
    token: Text,
    reason: Text = "",
    user: Any = DECIDER,
) -> Response:
    refuse_foreign(request, user, token)
    if not reason.strip():
        return page(request, user, refusal="Say why: the audit log keeps it.", status=422)
    try:
        run(
            [
                *("deliveries", decision, f"--reason={reason.strip()}"),
                *(f"--by={user.get_name()}", "--", delivery_id),
            ]
        )
    except JobError as error:
        answers.forget()
        return page(request, user, refusal=str(error), status=409)
    note(user, f"sunbird_batch.{decision}", dag_id="delivery", extra={"delivery_id": delivery_id})
    answers.forget()
    return RedirectResponse(f"{request.scope['root_path']}/messages?done={decision}", 303)


def page(
    request: Request, user: Any, *, said: str = "", refusal: str = "", status: int = 200
) -> HTMLResponse:
    facts = {
        **answers.of("held"),
        "may_decide": may_change(user, "delivery"),
        "token": token_for(user),
        "said": said,
        "refusal": refusal,
        "panels": panels_of(user),
    }
    return rendered(request, "messages.html", facts, status=status)
