"""Notifications as mail servers send them back (RFC 3464)."""

ID = "2b0a6f5e-8f63-5f55-9c1e-0f3f4a1f7c11"


def returned(
    status="5.1.1",
    message_id=f"<{ID}@sunbird.invalid>",
    to="asha@school.example",
    final="asha@school.example",
    envelope_id=None,
    sent_to="reports@sunbird.invalid",
    original=True,
):
    """The bytes of a notification; `original` is whether the head of our message is in it."""
    lines = [
        "From: MAILER-DAEMON@school.example",
        f"To: {sent_to}",
        "Subject: Undelivered Mail Returned to Sender",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="BB"',
        "",
        "--BB",
        "Content-Type: text/plain",
        "",
        "I am sorry, but your message could not be delivered.",
        "--BB",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.school.example",
        *([f"Original-Envelope-Id: {envelope_id}"] if envelope_id else []),
        "",
        f"Final-Recipient: rfc822; {final}",
        "Action: failed",
        f"Status: {status}",
        "Diagnostic-Code: smtp; 550 no such user",
        "",
    ]
    if original:
        lines += ["--BB", "Content-Type: text/rfc822-headers", "", f"Message-ID: {message_id}"]
        lines += [f"To: {to}", "Subject: Progress report", ""]
    return "\r\n".join([*lines, "--BB--", ""]).encode()
