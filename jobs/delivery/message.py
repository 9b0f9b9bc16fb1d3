"""A message as it is sent: plain text, HTML, chart and files, from facts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from jobs.delivery import content
from jobs.delivery import subject as subject_lines
from jobs.delivery.adopted import adopted, adopted_subject
from jobs.delivery.attachments import media_type
from jobs.delivery.batch_view import Files
from jobs.delivery.certified import certified, certified_subject
from jobs.delivery.chart import stage_chart
from jobs.delivery.facts import (
    AdoptionFacts,
    Attachment,
    CertificateFacts,
    MessageFacts,
    MissedFacts,
    NoticeFacts,
    WeeklyFacts,
)
from jobs.delivery.lateness.content import late
from jobs.delivery.links import FileLink
from jobs.delivery.missed import missed, missed_subject
from jobs.delivery.weekly import weekly, weekly_subject
from jobs.delivery.wording import LOCALE, Wording, catalogue, cleaned
from jobs.errors import DeliveryError, SettingsError

TEMPLATES = LOCALE.parent / "templates"
# Every byte below 128, so that any server on the way can carry it.
POLICY = SMTP.clone(cte_type="7bit")
STYLES = {
    "h2": "margin:24px 0 8px;padding-top:16px;border-top:1px solid #d5dbe1;font-size:16px;"
    "line-height:1.3;",
    "th": "padding:6px 0;border-bottom:2px solid #d5dbe1;font-size:13px;color:#52606d;",
    "td": "padding:6px 0;border-bottom:1px solid #e4e7eb;",
}


def compose(
    kind: str,
    facts: MessageFacts,
    *,
    recipient_address: str,
    sender: str,
    sender_name: str,
    reply_to: str | None,
    delivery_id: str,
    attachments: Sequence[tuple[str, bytes]],
    too_large: Sequence[Attachment] = (),
    links: Mapping[str, FileLink] = MappingProxyType({}),
    now: datetime,
    timezone: tzinfo,
    language: str,
) -> EmailMessage:
    """The message of one delivery.

    DeliveryError where the recipient's address cannot be used, SettingsError where the sender's.
    """
    wording = Wording(language, timezone)
    files = Files(frozenset(name for name, _ in attachments), too_large, links)
    subject, view = subject_and_view(kind, facts, files, wording)
    view |= {"subject": subject, "language": wording.language, "sender_name": cleaned(sender_name)}
    message = EmailMessage(policy=POLICY)
    write_headers(
        message,
        subject=subject,
        recipient=single_address(recipient_address),
        sender=sender,
        sender_name=cleaned(sender_name),
        reply_to=reply_to,
        delivery_id=delivery_id,
        now=now,
    )
    charts = draw_charts(view, message["Message-ID"], wording)
    message.set_content(rendered(f"{kind}.txt", view, wording))
    message.add_alternative(rendered(f"{kind}.html", view, wording), subtype="html")
    page: MIMEPart = list(message.iter_parts())[-1]
    for number, (cid, picture) in enumerate(charts, start=1):
        page.add_related(
            picture, "image", "png", cid=cid, disposition="inline", filename=f"chart-{number}.png"
        )
    for name, data in attachments:
        attach(message, name, data)
    # Last: what begins with Content- moves into a part whenever one is added.
    message["Content-Language"] = wording.language
    return message


def subject_and_view(
    kind: str, facts: MessageFacts, files: Files, wording: Wording
) -> tuple[str, dict[str, Any]]:
    if isinstance(facts, NoticeFacts):
        return subject_lines.notice_subject(facts, wording), content.notice(facts, wording)
    if isinstance(facts, MissedFacts):
        return missed_subject(facts, wording), missed(facts, files, wording)
    if isinstance(facts, AdoptionFacts):
        return adopted_subject(facts, wording), adopted(facts, files, wording)
    if isinstance(facts, WeeklyFacts):
        return weekly_subject(facts, wording), weekly(facts, files, wording)
    if isinstance(facts, CertificateFacts):
        return certified_subject(facts, wording), certified(facts, wording)
    if kind == "exhaust_late":
        return subject_lines.late_subject(facts, wording), late(facts, wording)
    if kind == "exhaust_failed":
        return subject_lines.failed_subject(facts, wording), content.failed(facts, wording)
    return subject_lines.ready_subject(facts, wording), content.ready(facts, files, wording)


def write_headers(
    message: EmailMessage,
    *,
    subject: str,
    recipient: str,
    sender: str,
    sender_name: str,
    reply_to: str | None,
    delivery_id: str,
    now: datetime,
) -> None:
    try:
        origin = Address(display_name=sender_name, addr_spec=ascii_domain(sender))
        message["Subject"] = subject
        message["From"] = origin
        message["To"] = Address(addr_spec=recipient)
        if reply_to:
            message["Reply-To"] = Address(addr_spec=ascii_domain(reply_to))
        message["Date"] = now
        message["Message-ID"] = f"<{delivery_id}@{origin.domain}>"
        message["Auto-Submitted"] = "auto-generated"
    except (ValueError, MessageError) as error:
        raise SettingsError(
            f"A mail from {sender!r} cannot be written: SUNBIRD_BATCH_MAIL_FROM and _REPLY_TO must"
            " be plain addresses, SUNBIRD_BATCH_MAIL_FROM_NAME a short name"
            f" ({type(error).__name__})."
        ) from error


def single_address(text: str) -> str:
    """One plain address, its domain in ASCII; the text itself is never in the error."""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise DeliveryError(
            "The recipient's address is not one plain e-mail address. Correct it in the user's"
            " profile."
        ) from None
    return f"{found.local_part}@{found.ascii_domain}"


def ascii_domain(sender: str) -> str:
    # Not by the validator: it refuses the reserved names that a trial runs under.
    name, _, domain = sender.rpartition("@")
    if not (name and domain and name.isascii()) or set(sender) & set(" ,;<>\r\n\0"):
        raise ValueError("Not one plain e-mail address.")
    return f"{name}@{domain.encode('idna').decode('ascii')}"


def draw_charts(view: dict[str, Any], message_id: str, wording: Wording) -> list[tuple[str, bytes]]:
    """A chart for each batch with learners; its content id is put into the view."""
    charts = []
    for number, batch in enumerate(view.get("batches", []), start=1):
        facts = batch["facts"]
        if not facts.enrolled or not facts.has_stages:
            continue
        batch["chart_cid"] = f"chart-{number}.{message_id.strip('<>')}"
        picture = stage_chart(
            facts.completed,
            facts.in_progress,
            facts.not_started,
            labels=wording.stages(),
            title=batch["chart_title"],
        )
        charts.append((f"<{batch['chart_cid']}>", picture))
    return charts


def attach(message: EmailMessage, name: str, data: bytes) -> None:
    maintype, _, subtype = media_type(name).partition("/")
    message.add_attachment(
        data, maintype=maintype, subtype=subtype, filename=cleaned(name), disposition="attachment"
    )


def rendered(template: str, view: dict[str, Any], wording: Wording) -> str:
    return environment(wording.language).get_template(template).render(**STYLES, **view)


@lru_cache(maxsize=16)
def environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(  # type: ignore[attr-defined]
        catalogue(language), newstyle=True
    )
    return made
