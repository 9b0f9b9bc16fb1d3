"""The words of a message: numbers, days and reasons, in the reader's language."""

from __future__ import annotations

import gettext
import re
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path

from jobs.delivery.facts import BatchFacts

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "messages"
NAME_LENGTH = 200
# Control characters and those that turn the direction of text; joiners belong to India's scripts.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
SOURCE_LANGUAGE = "en"
# What user profiles hold, beside the codes themselves.
LANGUAGE_NAMES = {"english": "en", "hindi": "hi", "हिन्दी": "hi", "हिंदी": "hi"}


def language_code(declared: str | None) -> str:
    """The two-letter code of what a profile says: `Hindi`, `hi-IN` and `hi` are one."""
    spoken = (declared or SOURCE_LANGUAGE).strip().lower()
    return LANGUAGE_NAMES.get(spoken, spoken.replace("_", "-").split("-")[0])


@lru_cache(maxsize=16)
def catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, languages=[language], fallback=True)


def has_catalogue(language: str) -> bool:
    return gettext.find(DOMAIN, str(LOCALE), [language]) is not None


def grouped(number: int) -> str:
    """A number as India writes it: 1,00,000."""
    digits = str(number)
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)]
    return ",".join([*reversed(pairs), tail])


def share(count: int, total: int) -> str:
    """A part of a whole in percent, half up; neither 0% nor 100% unless it is."""
    if not total:
        return "0%"
    percent = (200 * count + total) // (2 * total)
    if percent == 0 and count:
        return "<1%"
    if percent == 100 and count < total:
        return ">99%"
    return f"{percent}%"


def shortened(text: str, length: int) -> str:
    """The text cut after a whole word, with a mark that something is missing."""
    clean = " ".join(text.split())
    if len(clean) <= length:
        return clean
    cut = clean[: max(length - 1, 0)]
    if clean[len(cut)] != " " and " " in cut[length // 2 :]:
        cut = cut.rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:–-") + "…"


def cleaned(text: str, length: int = NAME_LENGTH) -> str:
    """A name that may stand in a header or a line: no control characters, one line, not endless."""
    return shortened(UNSEEN.sub(" ", text), length)


def size(count: int) -> str:
    """A file's size as people say it."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{max(1, round(count / 1000))} kB"


class Wording:
    """Sentences about facts, in one language and one time zone."""

    def __init__(self, language: str, zone: tzinfo) -> None:
        self.language = language if has_catalogue(language) else SOURCE_LANGUAGE
        self.zone = zone
        self.translations = catalogue(self.language)
        self.say = self.translations.gettext
        self.plural = self.translations.ngettext

    def day(self, instant: datetime) -> str:
        local = instant.astimezone(self.zone)
        return f"{local.day} {self.month(local.month)} {local.year}"

    def moment(self, instant: datetime) -> str:
        local = instant.astimezone(self.zone)
        return f"{self.day(instant)}, {local:%H:%M} {local.tzname()}"

    def month(self, number: int) -> str:
        _ = self.say
        names = (
            _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
            _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
        )  # fmt: skip
        return names[number - 1]

    def product(self, job_id: str) -> str:
        _ = self.say
        known = {
            "progress-exhaust": _("Progress report"),
            "userinfo-exhaust": _("Learner details"),
            "response-exhaust": _("Question responses"),
        }
        return known.get(job_id, _("Report"))

    def stages(self) -> tuple[str, str, str]:
        _ = self.say
        return _("Completed"), _("In progress"), _("Not started")

    def remarks(self, batch: BatchFacts) -> list[str]:
        """Who is not in the file, or in it with blanks, and why: a sentence each."""
        remarks = [self.left_out(reason, n) for reason, n in sorted(batch.left_out.items()) if n]
        if batch.unknown_learners:
            remarks.append(self.unknown_learners(batch.unknown_learners, batch.has_stages))
        remarks += [self.unread(field, n) for field, n in sorted(batch.undecryptable.items()) if n]
        if batch.quarantine_rows:
            remarks.append(self.listed(batch.quarantine_rows, batch.quarantine_file))
        else:
            quarantined = {reason: n for reason, n in sorted(batch.quarantined.items()) if n}
            remarks += [self.quarantined(reason, n) for reason, n in quarantined.items()]
        return remarks + [self.note(code) for code in batch.notes]

    def left_out(self, reason: str, n: int) -> str:
        ngettext = self.plural
        sentences = {
            "left_batch": ngettext(
                "%(n)s learner left the batch and is not in the file.",
                "%(n)s learners left the batch and are not in the file.",
                n,
            ),
            "no_enrolment_date": ngettext(
                "%(n)s learner has no enrolment date and is not in the file.",
                "%(n)s learners have no enrolment date and are not in the file.",
                n,
            ),
            "other_organisation": ngettext(
                "%(n)s learner belongs to another organisation and is not in the file.",
                "%(n)s learners belong to another organisation and are not in the file.",
                n,
            ),
        }
        other = ngettext(
            "%(n)s learner is not in the file (%(reason)s).",
            "%(n)s learners are not in the file (%(reason)s).",
            n,
        )
        return sentences.get(reason, other) % {"n": grouped(n), "reason": reason}

    def unknown_learners(self, n: int, has_stages: bool = True) -> str:  # noqa: FBT001
        ngettext = self.plural
        without = ngettext(
            "%(n)s learner has no user account any more: in the file with the User ID, the other"
            " details blank.",
            "%(n)s learners have no user account any more: in the file with the User ID, the other"
            " details blank.",
            n,
        )
        with_progress = ngettext(
            "%(n)s learner has no user account any more: in the file with the User ID and"
            " progress, the other details blank.",
            "%(n)s learners have no user account any more: in the file with the User ID and"
            " progress, the other details blank.",
            n,
        )
        return (with_progress if has_stages else without) % {"n": grouped(n)}

    def unread(self, field: str, n: int) -> str:
        ngettext = self.plural
        sentences = {
            "email": ngettext(
                "%(n)s e-mail address could not be read and is blank.",
                "%(n)s e-mail addresses could not be read and are blank.",
                n,
            ),
            "phone": ngettext(
                "%(n)s mobile number could not be read and is blank.",
                "%(n)s mobile numbers could not be read and are blank.",
                n,
            ),
        }
        other = ngettext("%(n)s cell could not be read and is blank.",
                  "%(n)s cells could not be read and are blank.", n)  # fmt: skip
        return sentences.get(field, other) % {"n": grouped(n)}

    def quarantined(self, reason: str, n: int) -> str:
        ngettext = self.plural
        if reason == "duplicate":
            text = ngettext(
                "%(n)s repeated row of the platform was dropped; the one that says most counts.",
                "%(n)s repeated rows of the platform were dropped; the ones that say most count.",
                n,
            )
        else:
            text = ngettext(
                "%(n)s row of the platform could not be used (%(reason)s). The platform's team"
                " can see it.",
                "%(n)s rows of the platform could not be used (%(reason)s). The platform's team"
                " can see them.",
                n,
            )
        return text % {"n": grouped(n), "reason": reason.replace("_", " ")}

    def listed(self, n: int, file: str) -> str:
        ngettext = self.plural
        return ngettext(
            "%(n)s row of the platform was not used: %(file)s in the same archive says why.",
            "%(n)s rows of the platform were not used: %(file)s in the same archive says why.",
            n,
        ) % {"n": grouped(n), "file": file}

    def note(self, code: str) -> str:
        _ = self.say
        known = {
            "no_leaf_nodes": _(
                "The course has no contents that count, so its learners stand at 0 percent."
            ),
            "texts_cut_short": _(
                "Some texts are longer than a spreadsheet's cell can be: they are cut and end in …"
            ),
            "texts_too_long": _(
                "Some answers are longer than a spreadsheet's cell can be. The file holds them"
                " whole: read it with a program, or the spreadsheet cuts them."
            ),
            "too_many_rows_for_a_sheet": _(
                "There are more rows than a spreadsheet's sheet can hold, so there is no XLSX file:"
                " use the CSV file."
            ),
        }
        return known.get(code, code.replace("_", " "))
