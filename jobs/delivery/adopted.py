"""What the answer to an adoption file says: what was done, what was not and why, what changed."""

from __future__ import annotations

from typing import Any

from jobs.delivery.adoption_words import errors_in_words, fields_in_words, refusals_in_words
from jobs.delivery.batch_view import Files
from jobs.delivery.facts import AdoptionChangeFacts, AdoptionFacts
from jobs.delivery.wording import Wording, cleaned, grouped, shortened

SUBJECT_LENGTH = 78
FILE_LENGTH = 40


def adopted_subject(facts: AdoptionFacts, wording: Wording) -> str:
    _ = wording.say
    told = {
        "file": cleaned(facts.file_name, FILE_LENGTH),
        "applied": grouped(facts.added + facts.updated),
        "rejected": grouped(facts.rejected),
    }
    if facts.refused_because:
        text = _("Textbook adoption: %(file)s was refused") % told
    elif facts.rejected:
        text = _("Textbook adoption: %(applied)s applied, %(rejected)s rejected – %(file)s") % told
    else:
        text = _("Textbook adoption: %(applied)s applied, all rows passed – %(file)s") % told
    return shortened(text, SUBJECT_LENGTH)


def adopted(facts: AdoptionFacts, files: Files, wording: Wording) -> dict[str, Any]:
    _ = wording.say
    headline = headline_of(facts, wording)
    as_of = _("Textbooks as of %(moment)s.")
    return {
        "preheader": headline,
        "headline": headline,
        "refusal": refusal_of(facts, wording),
        "about": [
            (_("File"), cleaned(facts.file_name)),
            (_("For"), cleaned(facts.tenant_name)),
            (_("Taken in"), wording.moment(facts.taken_at)),
        ],
        "counts": [] if facts.refused_because else counts_of(facts, wording),
        "sections": [
            (title, told(found, wording))
            for title, found in (
                (_("Why rows were rejected"), facts.errors),
                (_("Worth knowing"), facts.warnings),
            )
            if found
        ],
        "changes": [change_of(one, wording) for one in facts.changes],
        "more": _("More changes, in the file: %(n)s") % {"n": grouped(facts.more_changes)}
        if facts.more_changes
        else "",
        "files": [
            _("Attached: %(name)s") % {"name": name} for name in sorted(files.attached)
        ]
        + [_("A list is too large for a mail: %(name)s") % {"name": one.file_name}
           for one in files.too_large],
        "links": [(name, link.url) for name, link in sorted(files.links.items())],
        "advice": advice_of(facts, wording),
        "as_of": as_of % {"moment": wording.moment(facts.data_as_of)} if facts.data_as_of else "",
        "stale": _(
            "The list of textbooks is older than it should be: what was published since is not"
            " known here yet."
        )
        if facts.is_stale
        else "",
        "why": _("An adoption file was handed over in your name."),
    }  # fmt: skip


def headline_of(facts: AdoptionFacts, wording: Wording) -> str:
    _ = wording.say
    if facts.refused_because:
        return _("The file was refused, nothing was changed")
    if facts.rejected:
        return _("Rows rejected: %(rejected)s of %(rows)s; the others are applied") % {
            "rejected": grouped(facts.rejected),
            "rows": grouped(facts.rows),
        }
    if facts.added + facts.updated == 0:
        return _("All rows passed, and nothing had to be changed")
    return _("All rows passed and are applied")


def counts_of(facts: AdoptionFacts, wording: Wording) -> list[tuple[str, str]]:
    _ = wording.say
    return [
        (words, grouped(n))
        for words, n in (
            (_("Rows in the file"), facts.rows),
            (_("Newly adopted"), facts.added),
            (_("Adopted before, now with other values"), facts.updated),
            (_("Unchanged"), facts.unchanged),
            (_("Rejected, as they were before"), facts.rejected),
        )
    ]


def refusal_of(facts: AdoptionFacts, wording: Wording) -> str:
    if not facts.refused_because:
        return ""
    words = refusals_in_words(wording).get(facts.refused_because, facts.refused_because)
    return f"{words} ({cleaned(facts.refused_detail)})" if facts.refused_detail else words


def told(found: dict[str, int], wording: Wording) -> list[tuple[str, str]]:
    words = errors_in_words(wording)
    in_order = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return [(f"{words.get(code, code)} ({code})", grouped(n)) for code, n in in_order]


def change_of(one: AdoptionChangeFacts, wording: Wording) -> dict[str, Any]:
    _ = wording.say
    words = fields_in_words(wording)
    return {
        "name": cleaned(one.textbook_name) or one.textbook_id,
        "id": one.textbook_id,
        "board": cleaned(one.board),
        "kind": _("new") if one.is_new else _("changed"),
        "fields": [
            (words[name], *map(cleaned, one.fields[name])) for name in words if name in one.fields
        ],
    }


def advice_of(facts: AdoptionFacts, wording: Wording) -> list[str]:
    _ = wording.say
    if facts.refused_because:
        return [_("Correct the file and hand it over again.")]
    if facts.rejected:
        return [
            _(
                "Correct the rejected rows and hand over a file with these alone: each error is a"
                " row of the list, with the values that are allowed."
            )
        ]
    return []
