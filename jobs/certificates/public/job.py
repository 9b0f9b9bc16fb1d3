"""Answers who scans a certificate's QR code, and who checks its signature by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from jobs.certificates.document.credential import CONTEXT, instant
from jobs.certificates.public.pages import STYLE_HASH, page
from jobs.certificates.verification.job import Ledger
from jobs.certificates.verification.judgement import judge_id
from jobs.settings import Settings
from jobs.storage.certificate_keys import certificate_keys
from jobs.storage.issued_certificates import revoked
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()

HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {STYLE_HASH}; frame-ancestors 'none'; sandbox"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A search engine must not make names findable by themselves.
    "X-Robots-Tag": "noindex, nofollow",
}
STATUS = {"genuine": 200, "revoked": 410, "altered": 503, "unknown": 404}
TERMS = ("CertificateExtension", "RecipientExtension", "SignatoryExtension")
WORDS = ("name", "designation", "certificateNumber", "certificateType", "certificateName")


class Counter:
    """Where questions about certificates are answered, below the public address."""

    def __init__(self, settings: Settings, store: Store, objects: Objects) -> None:
        self.settings = settings
        self.store = store
        self.ledger = Ledger(store, objects)
        self.public_url = (settings.certificates_url or settings.links_url or "").rstrip("/")

        is_https = self.public_url.startswith("https://")
        # A year of https only, where the public address has it.
        always = {"Strict-Transport-Security": "max-age=31536000"} if is_https else {}
        self.headers = HEADERS | always

    def answer(self, said: Mapping[str, object]) -> Response:
        return JSONResponse(said, headers=self.headers, media_type="application/ld+json")

    def show(self, request: Request) -> Response:
        certificate_id = request.path_params["certificate_id"]
        judgement = judge_id(certificate_id, self.ledger.find, self.ledger.read)
        log.info("certificate_asked", verdict=judgement.verdict)
        return HTMLResponse(page(judgement), STATUS[judgement.verdict], self.headers)

    def key(self, request: Request) -> Response:
        kid = request.path_params["kid"]
        pem = certificate_keys(self.settings).public_pems.get(kid)
        if pem is None:
            return Response(status_code=404, headers=self.headers)
        return self.answer(
            {
                "@context": CONTEXT,
                "type": "CryptographicKey",
                "id": f"{self.public_url}/certificates/keys/{kid}",
                "owner": self.public_url,
                "publicKeyPem": pem.decode("ascii"),
            }
        )

    def revocations(self, _: Request) -> Response:
        with self.store.transaction() as connection:
            entries = [
                {"id": f"{self.public_url}/certificates/{certificate_id}"}
                | ({"revokedOn": instant(at)} if at else {})
                for certificate_id, at in revoked(connection)
            ]
        return self.answer(
            {
                "@context": CONTEXT,
                "type": "RevocationList",
                "id": f"{self.public_url}/certificates/revoked.json",
                "issuer": self.public_url,
                "revokedAssertions": entries,
            }
        )

    def context(self, _: Request) -> Response:
        """What the words of our extensions mean to a reader of JSON-LD."""
        own = f"{self.public_url}/certificates/context.json#"
        terms = {f"extensions:{term}": own + term for term in TERMS}
        return self.answer(
            {"@context": {"extensions": own} | terms | {word: own + word for word in WORDS}}
        )


def routes(settings: Settings, store: Store, objects: Objects) -> Sequence[Route]:
    """Also where a proxy passes on the path of the public address."""
    counter = Counter(settings, store, objects)
    answers = {
        "/keys/{kid}": counter.key,
        "/revoked.json": counter.revocations,
        "/context.json": counter.context,
        "/{certificate_id:uuid}": counter.show,
    }
    prefixes = dict.fromkeys(["", urlsplit(counter.public_url).path])
    return [
        Route(f"{prefix}/certificates{path}", endpoint, methods=["GET"])
        for prefix in prefixes
        for path, endpoint in answers.items()
    ]
