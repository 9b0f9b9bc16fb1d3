"""A mail catcher for `make cluster`: STARTTLS and a login are asked for; mails become files.

It reads the variables that compose.yaml gives to its own catcher. `python -m tools.cluster_mail
FOLDER` runs until a signal ends it.
"""

import asyncio
import os
import signal
import ssl
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Catcher:
    """Writes each message into the folder, aside first: a reader sees whole files only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = uuid.uuid4().hex
        aside = self.folder / f".{name}"
        aside.write_bytes(envelope.content or b"")
        aside.rename(self.folder / f"{name}.eml")
        return f"250 OK kept as {name}"


def authenticator(login: str) -> Callable[..., AuthResult]:
    user, _, password = login.partition(":")

    def judge(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (
            user.encode(),
            password.encode(),
        )
        return AuthResult(success=known, handled=False)

    return judge


async def serve(folder: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(os.environ["MP_SMTP_TLS_CERT"], os.environ["MP_SMTP_TLS_KEY"])
    host, _, port = os.environ["MP_SMTP_BIND_ADDR"].rpartition(":")
    loop = asyncio.get_running_loop()
    catcher = Catcher(folder)
    server = await loop.create_server(
        lambda: SMTP(
            catcher,
            hostname="mail",
            loop=loop,
            data_size_limit=50_000_000,
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=authenticator(os.environ["MP_SMTP_AUTH"]),
        ),
        host,
        int(port),
    )
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with server:
        await ended.wait()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("python -m tools.cluster_mail FOLDER", file=sys.stderr)
        return 2
    asyncio.run(serve(Path(arguments[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
