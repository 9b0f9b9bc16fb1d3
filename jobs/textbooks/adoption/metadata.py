"""Whether a state's own name, description and icon can be shown to readers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
# What the platform calls a file of its own, below the address of its store.
ARTIFACT = re.compile(r"(/?[\w.-]+)*/?artifact/[\w.-]+")
# Line breaks in a description are its paragraphs.
PARAGRAPHS = "\n\r\t"
LONGEST_ICON = 1000


@dataclass(frozen=True)
class Limits:
    """How long what readers see may be."""

    name: int
    description: int


def name_problem(name: str, longest: int) -> str:
    """What is wrong with a name, in words; empty where nothing is."""
    if len(name) > longest:
        return f"has {len(name)} characters, at most {longest} are shown"
    if has_control(name):
        return "holds a line break or another character that cannot be seen"
    if not any(letter.isalnum() for letter in name):
        return "has neither a letter nor a digit"
    return ""


def description_problem(description: str, longest: int) -> str:
    if len(description) > longest:
        return f"has {len(description)} characters, at most {longest} are shown"
    if has_control(description, besides=PARAGRAPHS):
        return "holds a character that cannot be seen"
    return ""


def icon_problem(icon: str) -> str:
    """An icon is the address of a picture, on the web or in the platform's own store."""
    if len(icon) > LONGEST_ICON:
        return f"has {len(icon)} characters, at most {LONGEST_ICON} make an address"
    if has_control(icon) or any(letter.isspace() for letter in icon):
        return "holds a blank or a character that cannot be seen"
    try:
        parts = urlsplit(icon)
        host = parts.hostname
    except ValueError:
        return "is no address"
    if parts.scheme in ("http", "https"):
        if not host or "@" in parts.netloc:
            return "names no host, or a password beside it"
    elif parts.scheme or not ARTIFACT.fullmatch(parts.path):
        return "begins neither with http:// or https:// nor is a file of the platform"
    if not parts.path.casefold().endswith(IMAGES):
        return f"does not end in one of {', '.join(IMAGES)}"
    return ""


def has_control(text: str, *, besides: str = "") -> bool:
    # Cc: control; Zl, Zp: line ends; Co, Cs: nothing that a font has. Joiners (Cf) belong to
    # the scripts of India, but what turns the direction of reading around does not.
    return any(
        unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Co", "Cs")
        or letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for letter in text
        if letter not in besides
    )
