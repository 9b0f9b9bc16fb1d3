"""What a textbook's hierarchy says: its units in book order, with their QR codes and contents.

Plain Python, as with every hierarchy: a tree of any depth has no fixed schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jobs.sources.hierarchy import children_of, is_collection, parsed, text_of, walk

UNIT_TYPE = "TextBookUnit"
LINKED = "Default"


@dataclass
class Node:
    """The book itself (level 0) or a unit of it; `content_count` is of the unit and all below."""

    node_id: str
    level: int
    chapter: int
    names: list[str]
    codes: list[str]
    content_count: int = 0
    unit_count: int = 0


@dataclass(frozen=True)
class Units:
    """A hierarchy in book order; `problem` says why it cannot be used, in a sentence."""

    problem: str | None = None
    nodes: list[Node] | None = None
    content_ids: list[str] = field(default_factory=list)

    @property
    def chapter_count(self) -> int | None:
        return None if self.nodes is None else self.nodes[0].unit_count

    @property
    def codes(self) -> list[str]:
        return list(dict.fromkeys(code for node in self.nodes or [] for code in node.codes))


def units(hierarchy: str | None, codes_of_book: list[str] | None = None) -> Units:
    """Read one hierarchy; codes of the whole book may be in its own row alone."""
    root, problem = parsed(hierarchy)
    if root is None:
        return Units(problem=problem)
    first = Node(text_of(root.get("identifier")), 0, 0, [], codes_of(root) or coded(codes_of_book))
    nodes, parents, contents = [first], [0], [dict.fromkeys(_contents_at(root))]
    pending = _units_below(root, first, 0)
    while pending:
        tree, node, parent = pending.pop()
        nodes.append(node)
        parents.append(parent)
        contents.append(dict.fromkeys(_contents_at(tree)))
        pending.extend(_units_below(tree, node, len(nodes) - 1))
    in_order = dict.fromkeys(content for found in contents for content in found)
    # A unit stands after the one that holds it, so from the end each has all that is below it.
    for place in range(len(nodes) - 1, -1, -1):
        nodes[place].content_count = len(contents[place])
        if place:
            contents[parents[place]] |= contents[place]
            nodes[parents[place]].unit_count += 1
    return Units(nodes=nodes, content_ids=list(in_order))


def is_unit(tree: dict[str, Any]) -> bool:
    """Whether it is a part of the book; a collection of its own is a content linked to a part."""
    if text_of(tree.get("contentType")) == UNIT_TYPE:
        return True
    return is_collection(tree) and text_of(tree.get("visibility")) != LINKED


def codes_of(tree: dict[str, Any]) -> list[str]:
    found = tree.get("dialcodes")
    return coded(found if isinstance(found, list) else [found])


def coded(found: list[Any] | None) -> list[str]:
    """The codes as scans have them, each once: a list that names one twice is one printed code."""
    clean = (text_of(code).strip().upper() for code in found or [])
    return [code for code in dict.fromkeys(clean) if code]


def _units_below(
    tree: dict[str, Any], node: Node, place: int
) -> list[tuple[dict[str, Any], Node, int]]:
    """The units right below, the last one first: they are taken from the end."""
    found = [child for child in children_of(tree) if is_unit(child)]
    below = [
        (
            child,
            Node(
                node_id=text_of(child.get("identifier")),
                level=node.level + 1,
                chapter=node.chapter or number,
                names=[*node.names, text_of(child.get("name"))],
                codes=codes_of(child),
            ),
            place,
        )
        for number, child in enumerate(found, 1)
    ]
    return below[::-1]


def _contents_at(tree: dict[str, Any]) -> list[str]:
    """The contents linked to a unit itself; of a linked collection, those that are in it."""
    linked = [child for child in children_of(tree) if not is_unit(child)]
    return [
        inner["identifier"]
        for child in linked
        for inner in (walk(child) if is_collection(child) else [child])
        if isinstance(inner.get("identifier"), str) and not is_collection(inner)
    ]
