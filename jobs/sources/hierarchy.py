"""What a collection's hierarchy says: its contents, nested collections and assessments, in order.

Plain Python: a tree of any depth has no fixed schema, and there are few collections.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

# Platforms of other names keep the ending: application/vnd.ekstep.content-collection and kin.
COLLECTION_MIME_TYPE = "content-collection"


@dataclass(frozen=True)
class Kinds:
    """Which nodes are nested collections and which are assessments, by the settings."""

    nested_content_types: Collection[str]
    nested_visibilities: Collection[str]
    assessment_content_types: Collection[str]
    assessment_object_types: Collection[str]
    assessment_categories: Collection[str]


@dataclass(frozen=True)
class Module:
    """A collection nested at the first level."""

    id: str
    name: str
    mandatory_nodes: list[str]


@dataclass(frozen=True)
class Outline:
    """A hierarchy in course order; `problem` says why it cannot be used, in a sentence."""

    problem: str | None = None
    name: str | None = None
    leaf_nodes: list[str] = field(default_factory=list)
    mandatory_nodes: list[str] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)
    assessments: list[tuple[str, str]] = field(default_factory=list)


def outline(hierarchy: str | None, optional_nodes: Collection[str], kinds: Kinds) -> Outline:
    """Read one hierarchy; what cannot be read is a problem named, not an error."""
    root, problem = parsed(hierarchy)
    if root is None:
        return Outline(problem=problem)
    nodes = list(walk(root))
    leaves = leaves_of(root)
    optional = set(optional_nodes)
    modules: dict[str, Module] = {}
    for child in children_of(root):
        if is_nested_collection(child, kinds) and child["identifier"] not in modules:
            mandatory = [leaf for leaf in leaves_of(child) if leaf not in optional]
            modules[child["identifier"]] = Module(
                child["identifier"], text_of(child.get("name")), mandatory
            )
    return Outline(
        name=text_of(root.get("name")) or None,
        leaf_nodes=leaves,
        mandatory_nodes=[leaf for leaf in leaves if leaf not in optional],
        modules=list(modules.values()),
        assessments=list(
            {
                node["identifier"]: text_of(node.get("name"))
                for node in nodes
                if is_assessment(node, kinds)
            }.items()
        ),
    )


def parsed(hierarchy: str | None) -> tuple[dict[str, Any] | None, str | None]:
    if hierarchy is None or not hierarchy.strip():
        return None, "it has no hierarchy"
    try:
        root = json.loads(hierarchy)
    except (ValueError, RecursionError):
        return None, "its hierarchy is not valid JSON"
    if not isinstance(root, dict) or not isinstance(root.get("identifier"), str):
        return None, "its hierarchy does not name the collection"
    return root, None


def leaves_of(node: dict[str, Any]) -> list[str]:
    """The contents below a node in course order, each once.

    Published collections list them in `leafNodes`, in no order that means anything: the tree
    gives the order. Where the list is absent or empty, the tree itself tells.
    """
    below = [inner for inner in walk(node) if inner is not node]
    listed = node.get("leafNodes")
    named = {leaf for leaf in listed if isinstance(leaf, str)} if isinstance(listed, list) else None
    if not named:
        return list(dict.fromkeys(inner["identifier"] for inner in below if is_leaf(inner)))
    in_tree = dict.fromkeys(inner["identifier"] for inner in below if inner["identifier"] in named)
    return [*in_tree, *sorted(named - set(in_tree))]


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes in course order, the root first; nodes without an identifier are passed over."""
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current.get("identifier"), str):
            yield current
        pending.extend(reversed(children_of(current)))


def children_of(node: dict[str, Any]) -> list[dict[str, Any]]:
    children = node.get("children")
    if not isinstance(children, list):
        return []
    found = [child for child in children if isinstance(child, dict)]
    # Sunbird keeps an index per child; the list is stored in that order as a rule, not always.
    return sorted(found, key=lambda child: index_of(child, len(found)))


def index_of(node: dict[str, Any], otherwise: int) -> float:
    index = node.get("index")
    return index if isinstance(index, (int, float)) else otherwise


def is_leaf(node: dict[str, Any]) -> bool:
    return not is_collection(node) and not children_of(node)


def is_collection(node: dict[str, Any]) -> bool:
    return text_of(node.get("mimeType")).endswith(COLLECTION_MIME_TYPE)


def is_nested_collection(node: dict[str, Any], kinds: Kinds) -> bool:
    return (
        isinstance(node.get("identifier"), str)
        and is_collection(node)
        and text_of(node.get("contentType")) in kinds.nested_content_types
        and text_of(node.get("visibility")) in kinds.nested_visibilities
    )


def is_assessment(node: dict[str, Any], kinds: Kinds) -> bool:
    return text_of(node.get("contentType")) in kinds.assessment_content_types or (
        text_of(node.get("objectType")) in kinds.assessment_object_types
        and text_of(node.get("primaryCategory")) in kinds.assessment_categories
    )


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""
