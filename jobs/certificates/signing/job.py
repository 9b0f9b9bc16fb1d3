"""Opens the desk: the signing key of this home and the address that verifies certificates."""

from __future__ import annotations

from jobs.certificates.document.desk import Desk
from jobs.certificates.document.qr import qr_codes
from jobs.errors import SettingsError
from jobs.settings import Settings
from jobs.storage.certificate_keys import certificate_keys


def open_desk(settings: Settings) -> Desk:
    """One per process; SettingsError when no address is set, or one that no QR code can hold."""
    url = settings.certificates_url or settings.links_url
    if url is None:
        raise SettingsError(
            "The QR code of a certificate leads to SUNBIRD_BATCH_CERTIFICATES_URL, and neither it"
            " nor SUNBIRD_BATCH_LINKS_URL is set. Set it to the public address of `links serve`:"
            " it is printed on paper and cannot be changed later."
        )
    keys = certificate_keys(settings)
    desk = Desk(
        public_url=url,
        kid=keys.kid,
        private_pem=keys.private_pem,
        email=settings.mail_reply_to or settings.mail_from,
    )
    try:
        qr_codes(desk.page_prefix)
    except ValueError as error:
        raise SettingsError(f"SUNBIRD_BATCH_CERTIFICATES_URL: {error}") from error
    return desk
