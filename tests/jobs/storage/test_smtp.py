"""Mail to real servers: one copy, over a checked connection, and the truth about how it ended."""

import socket
import threading
from types import SimpleNamespace

import pytest

from jobs.storage.mail import MailError
from tests.jobs.storage.letters import letter
from tests.mail_fixtures import PASSWORD, USER


def refusal(carrier, message=None):
    with pytest.raises(MailError) as caught:
        carrier.send(message or letter())
    return caught.value


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_message_arrives_once_encrypted_and_logged_in(
    smtp_server, certificates, carrier_to, security
):
    server = smtp_server(**{security: certificates.good}, login=True)
    carrier = carrier_to(server, smtp_security=security, smtp_user=USER, smtp_password=PASSWORD)
    message = letter()
    assert carrier.send(message) == "250 OK queued as 1"
    (got,) = server.messages
    assert got.is_encrypted
    assert got.login == USER
    assert (got.sender, got.recipients) == ("reports@sunbird.example", ["asha@school.example"])
    assert got.content == message.as_bytes()


def test_lines_of_dots_arrive_as_written(smtp_server, carrier_to):
    server = smtp_server()
    carrier_to(server).send(letter())
    assert server.messages[0].message.get_content() == "Hello\r\n.\r\n..leading dots\r\n"


# Verified by default: the library trusts any certificate unless told otherwise.
@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["self_signed", "expired", "misnamed"])
def test_server_with_a_wrong_certificate_gets_neither_password_nor_message(
    smtp_server, certificates, carrier_to, security, fault
):
    server = smtp_server(**{security: getattr(certificates, fault)}, login=True)
    carrier = carrier_to(server, smtp_security=security, smtp_user=USER, smtp_password=PASSWORD)
    error = refusal(carrier)
    assert error.is_server_down
    assert not error.permanent
    assert "certificate" in error.server_said.lower()
    assert server.messages == server.steps == []


def test_certificate_of_an_unknown_authority_is_refused(smtp_server, certificates, carrier_to):
    server = smtp_server(starttls=certificates.good)
    error = refusal(carrier_to(server, smtp_security="starttls", smtp_ca_file=None))
    assert error.is_server_down
    assert server.steps == []


def test_server_without_starttls_gets_nothing_in_the_open(smtp_server, carrier_to):
    server = smtp_server()
    error = refusal(carrier_to(server, smtp_security="starttls"))
    assert error.is_server_down
    assert server.steps == []


def test_lost_answer_leaves_one_copy_and_is_told_as_unclear(smtp_server, carrier_to):
    # The library would have sent three copies, slept 18 seconds and returned False.
    server = smtp_server(script={"DATA": "lost"})
    error = refusal(carrier_to(server))
    assert error.unclear
    assert not error.permanent
    assert not error.is_server_down
    assert len(server.messages) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_connection_lost_before_the_message_is_not_unclear(smtp_server, carrier_to, step):
    server = smtp_server(script={step: "lost"})
    error = refusal(carrier_to(server))
    assert not error.unclear
    assert not error.permanent
    assert server.messages == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "permanent", "is_server_down"),
    [
        ("550 5.1.1 No such user", True, False),
        ("451 4.7.1 Greylisted", False, False),
        ("421 4.3.2 Closing down", False, True),
    ],
)
def test_refusal_is_told_as_permanent_or_not_and_sent_once(
    smtp_server, carrier_to, step, answer, permanent, is_server_down
):
    server = smtp_server(script={step: answer})
    error = refusal(carrier_to(server))
    assert (error.permanent, error.is_server_down) == (permanent, is_server_down)
    assert not error.unclear
    assert error.server_said == answer
    assert server.steps.count(step) == 1
    assert "asha" not in str(error)


def test_wrong_password_is_the_server_s_matter_and_costs_no_message(
    smtp_server, certificates, carrier_to
):
    server = smtp_server(starttls=certificates.good, login=True)
    carrier = carrier_to(server, smtp_security="starttls", smtp_user=USER, smtp_password="wrong")
    error = refusal(carrier)
    assert error.is_server_down
    assert error.server_said.startswith("535")
    assert "wrong" not in str(error)


def test_message_too_large_for_the_server_is_refused_before_it_is_sent(smtp_server, carrier_to):
    server = smtp_server(size=1000)
    error = refusal(carrier_to(server), letter(text="x" * 70 * 50))
    assert error.permanent
    assert error.server_said.startswith("552")
    assert server.messages == []


def test_server_that_never_answers_is_left_after_the_set_time(carrier_to):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = SimpleNamespace(port=silent.getsockname()[1])
        error = refusal(carrier_to(server, smtp_timeout_seconds=0.3))
    assert error.is_server_down
    assert "timed out" in error.server_said


def test_server_that_is_not_there_loses_nothing(carrier_to):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert refusal(carrier_to(SimpleNamespace(port=port))).is_server_down


def test_silence_after_the_last_line_is_unclear(carrier_to):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taker = threading.Thread(target=take_all_but_the_answer, args=(listener,), daemon=True)
        taker.start()
        server = SimpleNamespace(port=listener.getsockname()[1])
        error = refusal(carrier_to(server, smtp_timeout_seconds=0.5))
        taker.join(timeout=5)
    assert error.unclear
    assert not error.permanent


def take_all_but_the_answer(listener):
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb", buffering=0) as stream:
        stream.write(b"220 ready\r\n")
        for line in stream:
            if line.startswith(b"DATA"):
                stream.write(b"354 go on\r\n")
                break
            stream.write(b"250 OK\r\n")
        for line in stream:
            if line == b".\r\n":
                break
        stream.read(1)
