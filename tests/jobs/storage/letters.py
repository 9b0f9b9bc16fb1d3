"""A message to send through a real server."""

import uuid
from email.message import EmailMessage
from email.policy import SMTP


def letter(text="Hello\n.\n..leading dots\n", attachments=()):
    message = EmailMessage(policy=SMTP)
    message["From"] = "Sunbird Reports <reports@sunbird.example>"
    message["To"] = "asha@school.example"
    message["Subject"] = "Progress"
    message["Message-ID"] = f"<{uuid.uuid4()}@sunbird.example>"
    message.set_content(text)
    for name, kind in attachments:
        maintype, subtype = kind.split("/")
        message.add_attachment(b"x,y\r\n", maintype=maintype, subtype=subtype, filename=name)
    return message
