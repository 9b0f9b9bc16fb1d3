"""How a textbook of the small Sunbird is put together: units, QR codes and contents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jobs.samples.courses import COLLECTION_MIME, Node, leaf, walk
from jobs.samples.places import Tenant


@dataclass(frozen=True)
class Unit:
    """A chapter or a part of one; `contents` are numbers of the book's own contents, or ids."""

    name: str
    codes: tuple[str, ...] = ()
    contents: tuple[int | str, ...] = ()
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class Book:
    """A version of a textbook; `hierarchy` is the text in the table, None where there is no row."""

    version_id: str
    name: str
    tenant: Tenant
    tree: Node
    hierarchy: str | None
    status: str = "Live"
    board: str | None = "NCERT"
    mediums: tuple[str, ...] = ("English",)
    grades: tuple[str, ...] = ("Class 7",)
    subjects: tuple[str, ...] = ("Mathematics",)
    origin: str | None = None
    created: datetime = datetime(2025, 4, 1, 5, 30, tzinfo=UTC)
    updated: datetime = datetime(2026, 5, 20, 19, 30, tzinfo=UTC)

    @property
    def textbook_id(self) -> str:
        return self.version_id.removesuffix(".img")

    @property
    def channel(self) -> str:
        return self.tenant.channel

    @property
    def codes(self) -> list[str]:
        """Every QR code as often as it is printed, in book order."""
        return [code for node in walk(self.tree) for code in node.get("dialcodes") or []]

    @property
    def content_ids(self) -> list[str]:
        found = [n["identifier"] for n in walk(self.tree) if n["contentType"] == "Resource"]
        return list(dict.fromkeys(found))


def textbook_id(book: int) -> str:
    return node_id(book, 0)


def node_id(book: int, number: int) -> str:
    return f"do_32{book:05}{number:014}"


def content_of(book: int, number: int) -> str:
    return node_id(book, 5000 + number)


def code(book: int, number: int) -> str:
    return f"B{book:02}Q{number:02}"


def book(
    number: int, name: str, tenant: Tenant, units: tuple[Unit, ...], *codes: str, **more: Any
) -> Book:
    tree = tree_of(number, name, units, codes)
    text = json.dumps(tree, ensure_ascii=False)
    return Book(textbook_id(number), name, tenant, tree, text, **more)


def tree_of(number: int, name: str, units: tuple[Unit, ...], codes: tuple[str, ...]) -> Node:
    numbers = iter(range(1, 5000))

    def node(unit: Unit) -> Node:
        own = node_id(number, next(numbers))
        contents = [c if isinstance(c, str) else content_of(number, c) for c in unit.contents]
        children = [leaf(content, f"Explained: {unit.name}") for content in contents]
        children += [node(below) for below in unit.units]
        return collection_node(own, unit.name, "TextBookUnit", children, unit.codes)

    children = [node(unit) for unit in units]
    return collection_node(textbook_id(number), name, "TextBook", children, codes)


def collection_node(
    identifier: str, name: str, kind: str, children: list[Node], codes: tuple[str, ...]
) -> Node:
    found = {
        "identifier": identifier,
        "name": name,
        "contentType": kind,
        "objectType": "Collection",
        "primaryCategory": "Digital Textbook" if kind == "TextBook" else "Textbook Unit",
        "mimeType": COLLECTION_MIME,
        "visibility": "Default" if kind == "TextBook" else "Parent",
        "status": "Live",
        "children": [child | {"index": i} for i, child in enumerate(children, 1)],
    }
    below = {n["identifier"] for n in walk(found) if n["contentType"] == "Resource"}
    return found | {"leafNodesCount": len(below)} | ({"dialcodes": list(codes)} if codes else {})


def chapters(book: int, count: int, *, first_code: int = 1) -> tuple[Unit, ...]:
    """Chapters of a code and a content each."""
    return tuple(
        Unit(f"Chapter {n + 1}", (code(book, first_code + n),), (n + 1,)) for n in range(count)
    )
