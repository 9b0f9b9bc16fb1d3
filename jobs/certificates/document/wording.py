"""The words on a certificate: cleaned names, the fixed sentences, and the month in words."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from jobs.certificates.document.errors import CertificateHeld
from jobs.certificates.document.facts import Facts, Template

INDIA = ZoneInfo("Asia/Kolkata")
# They steer the direction of text and print nothing: in a name they only hide what it says.
STEERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INVISIBLE = STEERING | frozenset("\u00ad\u200b\u2060\ufeff")
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्तूबर नवंबर दिसंबर",
}
SENTENCES = {
    "en": {
        "opening": "This is to certify that",
        "completion": "has successfully completed the course",
        "merit": "has completed with merit the course",
        "month": "in {}",
        "scan": "Scan to verify",
        "number": "Certificate no. {}",
    },
    "hi": {
        "opening": "यह प्रमाणित किया जाता है कि",
        "completion": "ने यह पाठ्यक्रम सफलतापूर्वक पूरा किया है",
        "merit": "ने यह पाठ्यक्रम विशेष योग्यता के साथ पूरा किया है",
        "month": "{} में",
        "scan": "जाँच के लिए स्कैन करें",
        "number": "प्रमाणपत्र सं. {}",
    },
}


def sentence(template: Template, key: str, *values: str) -> str:
    return SENTENCES[template.language][key].format(*values)


def recipient_name(facts: Facts) -> str:
    return told(facts.recipient_name, "no_name", "learner's name")


def course_name(facts: Facts) -> str:
    return told(facts.course_name, "no_course_name", "course's name")


def told(text: str, reason: str, what: str) -> str:
    cleaned = clean(text or "")
    if not any(unicodedata.category(character)[0] in "LN" for character in cleaned):
        raise CertificateHeld(
            reason,
            f"A certificate promises a {what}; there is none with a letter in it. Fill it in at its"
            " source and refresh.",
        )
    return cleaned


def clean(text: str) -> str:
    """The text as it is printed: composed, blanks collapsed, nothing invisible but joiners."""
    blanks = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zs", "Zl", "Zp"} else character
        for character in text
        if character not in INVISIBLE
    )
    return unicodedata.normalize("NFC", " ".join(blanks.split()))


def month(completed_at: datetime, language: str) -> str:
    """Month and year of the day in India."""
    day = completed_at.astimezone(INDIA)
    return f"{MONTHS[language].split()[day.month - 1]} {day.year}"
