"""Real SMTP servers on this machine, with certificates made for the test and scripted answers."""

import asyncio
import email
import email.policy
import ipaddress
import ssl
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jobs.storage.mail import open_mail

USER = "mailer"
PASSWORD = "correct horse"


class Handler:
    """Takes messages, or answers as the script says: {"RCPT": "550 No such user"}.

    `lost` as the answer to a step cuts the connection there; for DATA the message is kept first.
    """

    def __init__(self, script):
        self.script = script
        self.received = []
        self.steps = []

    def scripted(self, step, server):
        self.steps.append(step)
        answer = self.script.get(step)
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else None
        if answer == "lost":
            server.transport.abort()
            return "250 never read"
        return answer

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.scripted("MAIL", server)
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.scripted("RCPT", server)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        # "lost" here is the lost 250: the server has the message, the client never hears so.
        self.received.append(
            SimpleNamespace(
                sender=envelope.mail_from,
                recipients=list(envelope.rcpt_tos),
                content=envelope.content,
                message=email.message_from_bytes(envelope.content, policy=email.policy.SMTP),
                is_encrypted=server.transport.get_extra_info("sslcontext") is not None,
                login=session.auth_data,
            )
        )
        answer = self.scripted("DATA", server)
        return answer or f"250 OK queued as {len(self.received)}"


class MailServer:
    """One server with its own event loop; `messages` are what it took."""

    def __init__(self, *, script=None, tls=None, starttls=None, login=False, size=50_000_000):
        self.handler = Handler({} if script is None else script)
        options = {
            "data_size_limit": size,
            # aiosmtpd knows no connection that is encrypted from its start: there it only offers.
            "auth_required": login and starttls is not None,
            "auth_require_tls": starttls is not None,
            "authenticator": self.authenticate if login else None,
            "tls_context": starttls,
            "require_starttls": starttls is not None,
            "enable_SMTPUTF8": False,
        }
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(
            self.loop.create_server(
                lambda: SMTP(self.handler, hostname="test", loop=self.loop, **options),
                "127.0.0.1",
                0,
                ssl=tls,
            )
        )
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    @property
    def messages(self):
        return self.handler.received

    @property
    def steps(self):
        return self.handler.steps

    def authenticate(self, server, session, envelope, mechanism, data):
        if (data.login, data.password) == (USER.encode(), PASSWORD.encode()):
            return AuthResult(success=True, auth_data=USER)
        return AuthResult(success=False, handled=False)

    def stop(self):
        if self.loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self.close(), self.loop).result(timeout=10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=10)
        self.loop.close()

    async def close(self):
        self.server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.server.wait_closed()


@pytest.fixture
def smtp_server():
    """smtp_server(script=..., tls=..., starttls=..., login=...) -> MailServer, stopped at the end.

    `tls` and `starttls` take a server's SSLContext, as `certificates` has them.
    """
    servers = []

    def started(**options):
        servers.append(MailServer(**options))
        return servers[-1]

    yield started
    for server in servers:
        server.stop()


@pytest.fixture
def carrier_to(make_settings, certificates):
    """carrier_to(server, **settings): a carrier that trusts the test's authority."""

    def carrier(server, **settings):
        defaults = {
            "smtp_host": "localhost",
            "smtp_port": server.port,
            "smtp_security": "none",
            "smtp_timeout_seconds": 5,
            "smtp_ca_file": certificates.ca_file,
        }
        return open_mail(make_settings(**(defaults | settings)))

    return carrier


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """A certificate authority's file, and server contexts: good, self_signed, expired, misnamed."""
    folder = tmp_path_factory.mktemp("certificates")
    authority_key, authority = certificate("Test Authority")
    ca_file = folder / "authority.pem"
    ca_file.write_bytes(pem(authority))
    issued = {"issuer": authority, "issuer_key": authority_key}
    past = datetime.now(UTC) - timedelta(days=30)

    def context(name, pair):
        key, made = pair
        path = folder / f"{name}.pem"
        path.write_bytes(private_pem(key) + pem(made))
        server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_side.load_cert_chain(path)
        return server_side

    return SimpleNamespace(
        ca_file=ca_file,
        good=context("good", certificate("localhost", **issued)),
        self_signed=context("self_signed", certificate("localhost")),
        expired=context("expired", certificate("localhost", until=past, **issued)),
        misnamed=context("misnamed", certificate("mail.example.org", **issued)),
    )


def certificate(name, *, issuer=None, issuer_key=None, until=None):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    until = until or datetime.now(UTC) + timedelta(days=2)
    is_authority = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=3))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer_key or key).public_key()),
            critical=False,
        )
    )
    return key, builder.sign(issuer_key or key, hashes.SHA256())


def pem(made):
    return made.public_bytes(serialization.Encoding.PEM)


def private_pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
