"""The order of mixed text: which characters run from right to left, and how runs are laid out.

The Unicode bidirectional algorithm (UAX 9) for one line without explicit controls: names and
titles have lost them before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar
from unicodedata import bidirectional

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
NEUTRAL = frozenset({"B", "S", "WS", "ON", "BN"})
BRACKETS = dict(zip("([{⟨", ")]}⟩", strict=True))
T = TypeVar("T")


def levels(text: str) -> list[int]:
    """The level of each character: even from the left, odd from the right."""
    if not RIGHT_TO_LEFT.search(text):
        return [0] * len(text)
    kinds = [bidirectional(character) for character in text]
    base = next((int(kind != "L") for kind in kinds if kind in {"L", "R", "AL"}), 0)
    around = "R" if base else "L"
    resolve_weak(kinds, around)
    resolve_brackets(text, kinds, around)
    resolve_neutral(kinds, around)
    raised = {"R": (1, 1), "L": (0, 2), "EN": (2, 2), "AN": (2, 2)}
    return [raised[kind][base] for kind in kinds]


def resolve_weak(kinds: list[str], around: str) -> None:
    """Rules W1 to W7: marks, numbers and what belongs to numbers."""
    before, strong = around, around
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kind = before  # W1
        if kind in {"L", "R", "AL"}:
            strong = kind
        if kind == "EN" and strong == "AL":
            kind = "AN"  # W2
        kinds[at] = before = kind
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    for at in range(1, len(kinds) - 1):  # W4
        left, kind, right = kinds[at - 1 : at + 2]
        if left == right and (left, kind) in {("EN", "ES"), ("EN", "CS"), ("AN", "CS")}:
            kinds[at] = left
    for run in (range(len(kinds)), reversed(range(len(kinds)))):  # W5, from both sides
        before = ""
        for at in run:
            if kinds[at] == "ET" and before == "EN":
                kinds[at] = "EN"
            before = kinds[at]
    strong = around
    for at, kind in enumerate(kinds):
        if kind in {"ES", "ET", "CS"}:
            kinds[at] = "ON"  # W6
        elif kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"  # W7


def resolve_brackets(text: str, kinds: list[str], around: str) -> None:
    """Rule N0: both of a pair take one direction, by what stands between them and before."""
    for opening, closing in bracket_pairs(text, kinds):
        inside = {side(kind) for kind in kinds[opening + 1 : closing] if kind not in NEUTRAL}
        if not inside:
            continue
        direction = around
        if around not in inside:
            strong = [kind for kind in kinds[:opening] if kind not in NEUTRAL]
            direction = side(strong[-1]) if strong else around
        kinds[opening] = kinds[closing] = direction


def bracket_pairs(text: str, kinds: list[str]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for at, character in enumerate(text):
        if kinds[at] != "ON":
            continue
        if character in BRACKETS:
            waiting.append((BRACKETS[character], at))
        elif any(character == closing for closing, _ in waiting):
            while True:
                closing, opening = waiting.pop()
                if closing == character:
                    pairs.append((opening, at))
                    break
    return sorted(pairs)


def resolve_neutral(kinds: list[str], around: str) -> None:
    """Rules N1 and N2: what stands between two of one direction takes it."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] in NEUTRAL:
            end += 1
        if end == at:
            at += 1
            continue
        left = side(kinds[at - 1]) if at else around
        right = side(kinds[end]) if end < len(kinds) else around
        kinds[at:end] = [left if left == right else around] * (end - at)
        at = end


def side(kind: str) -> str:
    return "L" if kind == "L" else "R"


def in_sight(items: Sequence[T], item_levels: Sequence[int]) -> list[T]:
    """Runs in the order in which they stand on paper, from the left (rule L2)."""
    ordered = list(zip(items, item_levels, strict=True))
    for level in range(max(item_levels, default=0), 0, -1):
        at = 0
        while at < len(ordered):
            end = at
            while end < len(ordered) and ordered[end][1] >= level:
                end += 1
            ordered[at:end] = reversed(ordered[at:end])
            at = max(end, at + 1)
    return [item for item, _ in ordered]
