"""The rows of the small Sunbird's textbooks in Sunbird's own tables."""

import json
from collections.abc import Iterator
from typing import Any

from jobs.samples.courses import Node, walk
from jobs.samples.textbook_trees import Book
from jobs.samples.textbooks import BOOKS


def textbook_hierarchy_rows() -> Iterator[dict[str, Any]]:
    for one in BOOKS:
        if one.hierarchy is not None:
            row = {"identifier": one.version_id, "hierarchy": one.hierarchy, "optionalnodes": None}
            yield row


def textbook_content_rows() -> Iterator[dict[str, Any]]:
    """The books, and each content of theirs once."""
    contents: dict[str, dict[str, Any]] = {}
    for one in BOOKS:
        yield content_row(one.tree, one)
        for node in walk(one.tree):
            if node["contentType"] == "Resource":
                contents.setdefault(node["identifier"], content_row(node, one))
    yield from contents.values()


def content_row(node: Node, one: Book) -> dict[str, Any]:
    is_book = node is one.tree
    # Lists in JSON lines are JSON text, as exports of Cassandra have them.
    return {
        "identifier": one.version_id if is_book else node["identifier"],
        "name": one.name if is_book else node["name"],
        "status": one.status if is_book else "Live",
        "channel": one.channel,
        "contenttype": node["contentType"],
        "primarycategory": node["primaryCategory"],
        "objecttype": node["objectType"],
        "mimetype": node["mimeType"],
        "createdfor": json.dumps([one.channel]),
        "description": f"About {one.name}" if is_book else None,
        "icon": f"https://books.example/{one.textbook_id}.png" if is_book else None,
        "framework": f"{one.channel}_k-12" if is_book else None,
        "board": one.board if is_book else None,
        "medium": json.dumps(one.mediums, ensure_ascii=False) if is_book else None,
        "gradelevel": json.dumps(one.grades) if is_book else None,
        "subject": json.dumps(one.subjects) if is_book else None,
        "dialcodes": json.dumps(node["dialcodes"]) if is_book and "dialcodes" in node else None,
        "origin": one.origin,
        "pkgversion": 2 if is_book and one.status in ("Live", "Retired") else None,
        "createdon": one.created,
        "lastupdatedon": one.updated,
        "lastpublishedon": one.updated if one.status == "Live" else None,
    }
