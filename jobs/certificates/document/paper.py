"""A certificate: one page as PDF, with its signed credential attached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from jobs.certificates.document.credential import assertion, canonical, signed
from jobs.certificates.document.desk import Desk
from jobs.certificates.document.errors import CertificateHeld
from jobs.certificates.document.facts import Assets, Facts, Template
from jobs.certificates.document.fitting import Box
from jobs.certificates.document.lettering import Lettering
from jobs.certificates.document.pdf_file import PdfFile, stream, text
from jobs.certificates.document.qr import drawn, qr_codes
from jobs.certificates.document.sheet import Sheet, put_form, sheet, written
from jobs.certificates.document.wording import (
    INDIA,
    clean,
    course_name,
    month,
    recipient_name,
    sentence,
)

LARGEST_BYTES = 200_000
CREDENTIAL_NAME, SIGNED_NAME = "credential.json", "credential.jws"


@dataclass(frozen=True)
class Certificate:
    """The file for the learner, and the credential in both of its forms."""

    pdf: bytes
    credential: bytes
    signed_credential: str
    kid: str

    @property
    def pdf_sha256(self) -> str:
        return sha256(self.pdf).hexdigest()

    @property
    def credential_sha256(self) -> str:
        return sha256(self.credential).hexdigest()


def make_certificate(facts: Facts, template: Template, assets: Assets, desk: Desk) -> Certificate:
    """The same bytes for the same input; CertificateHeld says why this one cannot be made."""
    prepared = sheet(template, assets)
    file = prepared.file.copy()
    write_learner(file, prepared, facts, template, desk)
    credential = canonical(assertion(facts, template, desk))
    signed_credential = signed(credential, desk)
    attach(file, prepared, facts.completed_at, credential, signed_credential)
    info = file.add(information(facts, template))
    pdf = file.closed(
        root=prepared.numbers["root"], info=info, file_id=facts.certificate_id.hex.encode()
    )
    if len(pdf) > LARGEST_BYTES:
        raise CertificateHeld(
            "too_large",
            f"A certificate promises at most {LARGEST_BYTES} bytes; this one has {len(pdf)}. Give"
            " the template a smaller artwork, logo or signature.",
        )
    return Certificate(pdf, credential, signed_credential, desk.kid)


def write_learner(
    file: PdfFile, prepared: Sheet, facts: Facts, template: Template, desk: Desk
) -> None:
    """The layer of the page that is this learner's: name, course, month, number and code."""
    layout = prepared.layout
    lettering = Lettering(prepared.stock)
    words: tuple[tuple[str, str, Box | None], ...] = (
        ("name", recipient_name(facts), layout.name),
        ("course", course_name(facts), layout.course),
        (
            "month",
            sentence(template, "month", month(facts.completed_at, template.language)),
            layout.month,
        ),
        ("number", sentence(template, "number", str(facts.certificate_id)), layout.number),
    )
    parts = [
        written(lettering, said, box, layout.colours[what], WHAT[what])
        for what, said, box in words
        if box is not None
    ]
    if layout.code is not None:
        code = qr_codes(desk.page_prefix).code(facts.certificate_id)
        place = layout.code
        # White for four modules around it, as the standard asks: artwork may lie below.
        quiet = 4 * place.width / len(code)
        parts.append(
            f"1 g {place.x - quiet:.2f} {place.y - quiet:.2f} {place.width + 2 * quiet:.2f}"
            f" {place.height + 2 * quiet:.2f} re f 0 g "
            + drawn(code, place.x, place.y, place.width)
        )
    put_form(file, prepared.numbers["learner"], lettering, parts)


WHAT = {"name": "learner's name", "course": "course's name", "month": "month", "number": "number"}


def attach(
    file: PdfFile, prepared: Sheet, at: datetime, credential: bytes, signed_credential: str
) -> None:
    """Both forms as files within the file, in the order of their names."""
    files = [
        attached(file, CREDENTIAL_NAME, "application/json", credential, at),
        attached(file, SIGNED_NAME, "application/jose", signed_credential.encode(), at),
    ]
    names = " ".join(
        f"({name}) {number} 0 R"
        for name, number in zip((CREDENTIAL_NAME, SIGNED_NAME), files, strict=True)
    )
    file.put(prepared.numbers["attached"], f"<</EmbeddedFiles<</Names[{names}]>>>>".encode())
    references = " ".join(f"{number} 0 R" for number in files)
    file.put(prepared.numbers["associated"], f"[{references}]".encode())


def attached(file: PdfFile, name: str, kind: str, content: bytes, at: datetime) -> int:
    data = file.add(
        stream(
            content,
            f"/Type/EmbeddedFile/Subtype/{kind.replace('/', '#2F')}"
            f"/Params<</Size {len(content)}/ModDate({pdf_date(at)})>>",
        )
    )
    return file.add(
        f"<</Type/Filespec/F({name})/UF({name})/AFRelationship/Data/Desc(Open Badges 2.0)"
        f"/EF<</F {data} 0 R/UF {data} 0 R>>>>".encode()
    )


def information(facts: Facts, template: Template) -> bytes:
    """Names no learner: a file's properties are shown where the file is listed."""
    return (
        f"<</Title{text(clean(template.name))}/Author{text(clean(template.issuer.name))}"
        f"/CreationDate({pdf_date(facts.completed_at)})/ModDate({pdf_date(facts.completed_at)})>>"
    ).encode()


def pdf_date(at: datetime) -> str:
    return at.astimezone(INDIA).strftime("D:%Y%m%d%H%M%S+05'30'")
