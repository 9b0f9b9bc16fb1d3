"""A run book as HTML: headings can be linked to, and links lead to what this page can show."""

import re
from collections.abc import Collection
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# No HTML of its own: what the page shows is what the text says.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
BOOK = re.compile(r"^(?:\.\./runbooks/)?([a-z_]+)\.md(#.*)?$")


def html_of(text: str, *, root: str, books: Collection[str]) -> Markup:
    """The text; a link to a file that no reader of Airflow has becomes its words alone."""
    tokens = MARKDOWN.parse(text)
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(following.content))
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = linked(token.children, root, books)
    # markdown-it escapes what it renders; its own HTML is off.
    return Markup(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))  # noqa: S704


def linked(children: list[Token], root: str, books: Collection[str]) -> list[Token]:
    kept, is_open = [], True
    for token in children:
        if token.type == "link_open":
            target = target_of(str(token.attrGet("href") or ""), root, books)
            is_open = target is not None
            if target is None:
                continue
            token.attrSet("href", target)
        elif token.type == "link_close" and not is_open:
            continue
        kept.append(token)
    return kept


def target_of(href: str, root: str, books: Collection[str]) -> str | None:
    """Where a link leads on this page; None where it leads nowhere."""
    if href.startswith("#"):
        return href
    named = BOOK.match(href)
    if named and named.group(1) in books:
        return f"{root}/run-books/{named.group(1)}{named.group(2) or ''}"
    return None


def slug(heading: str) -> str:
    """As GitHub and the documentation's site name a heading."""
    return re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-")
