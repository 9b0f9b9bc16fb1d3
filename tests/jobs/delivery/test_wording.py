"""Every text can be translated, and the Hindi translation is whole."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from jobs.delivery import wording

LOCALE = wording.LOCALE
TEMPLATES = LOCALE.parent / "templates"
METHODS = [("**.py", "python"), ("templates/**", "jinja2")]


def catalogue(path: Path):
    with path.open("rb") as source:
        return read_mo(source) if path.suffix == ".mo" else read_po(source)


def ids(found):
    return {message.id for message in found if message.id}


def test_every_text_of_code_and_templates_is_in_the_template_of_translations():
    options = {"templates/**": {"newstyle_gettext": "true"}}
    # The meanings of columns stand where the columns do.
    keywords = DEFAULT_KEYWORDS | {"Column": (2,), "meant": None}
    used = {
        message
        for folder in (LOCALE.parent, LOCALE.parent.parent / "exhausts")
        for _, _, message, _, _ in extract_from_dir(
            str(folder), method_map=METHODS, options_map=options, keywords=keywords
        )
    }
    assert used == ids(catalogue(LOCALE / "messages.pot"))


def test_hindi_translates_every_text_with_the_same_blanks():
    offered = ids(catalogue(LOCALE / "messages.pot"))
    hindi = catalogue(LOCALE / "hi" / "LC_MESSAGES" / "messages.po")
    assert ids(hindi) == offered
    for message in hindi:
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        for translation in translations:
            assert translation
            assert blanks(translation) == blanks(sources[0])


def blanks(text):
    return sorted(re.findall(r"%\(\w+\)s", text))


def test_compiled_hindi_is_that_of_its_source():
    folder = LOCALE / "hi" / "LC_MESSAGES"
    source, compiled = catalogue(folder / "messages.po"), catalogue(folder / "messages.mo")
    assert texts(compiled) == texts(source)


def texts(found):
    return {as_text(message.id): as_text(message.string) for message in found if message.id}


def as_text(part):
    return part if isinstance(part, str) else "|".join(part)


@pytest.mark.parametrize("path", sorted(TEMPLATES.iterdir()), ids=lambda path: path.name)
def test_templates_hold_no_english_outside_of_translations(path):
    bare = re.sub(r"{%\s*trans\s*%}.*?{%\s*endtrans\s*%}", "", path.read_text("utf-8"))
    bare = re.sub(r"<style>.*?</style>", "", bare, flags=re.DOTALL)
    bare = re.sub(r"{[%{#].*?[%}#]}|<[^>]*>", "", bare, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]{2,}", bare) == []
    Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(path.read_text("utf-8"))


@given(st.integers(0, 10**12))
def test_grouping_keeps_the_number_and_groups_by_lakh(number):
    grouped = wording.grouped(number)
    assert grouped.replace(",", "") == str(number)
    assert re.fullmatch(r"\d{1,3}|\d{1,2}(,\d{2})*,\d{3}", grouped)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_share_is_half_up_and_never_claims_all_or_nothing_wrongly(count, more):
    total = count + more
    told = wording.share(count, total)
    assert told not in ("100%", ">100%")
    assert (told == "0%") == (count == 0)
    assert wording.share(total, total) == "100%"


def test_share_rounds_half_up():
    assert [wording.share(n, 200) for n in (1, 3, 199)] == ["1%", "2%", ">99%"]
    assert wording.share(1, 1000) == "<1%"


@given(st.text(max_size=300), st.integers(1, 100))
def test_shortened_text_is_never_longer_than_asked(text, length):
    assert len(wording.shortened(text, length)) <= max(length, 1)


def test_long_names_are_cut_after_a_word():
    assert wording.shortened("Teaching fractions to children", 22) == "Teaching fractions to…"


@pytest.mark.parametrize(
    ("declared", "code"),
    [("Hindi", "hi"), ("hi-IN", "hi"), ("hi_IN", "hi"), ("हिन्दी", "hi"), (None, "en"), ("", "en")],
)
def test_languages_of_profiles_are_understood(declared, code):
    assert wording.language_code(declared) == code


def test_names_are_one_line_without_what_turns_or_ends_text_and_keep_india_s_joiners():
    assert wording.cleaned("a\0b\u202ec\r\nBcc: x\u2028y") == "a b c Bcc: x y"
    assert wording.cleaned("क्\u200dष ക്\u200cഷ") == "क्\u200dष ക്\u200cഷ"
