"""The published files: their names, headers and rows, as the portal has always read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jobs.contracts.textbook_reports import (
    LEVELS,
    OWN,
    QR_STATUS_CODE,
    QR_STATUS_TEXTBOOK,
    TEXTBOOK_CREATION,
    TEXTBOOK_CREATION_NODE,
)
from jobs.delivery.spreadsheet import text

Tables = Mapping[str, pa.Table]
Lines = list[Sequence[str]]
OVERALL_FOLDER = "overall"


@dataclass(frozen=True)
class Listing:
    """A file of rows: the table, which of its rows, and (header, column) in order."""

    name: str
    table: str
    columns: tuple[tuple[str, str], ...]
    is_kept: Callable[[pa.Table], pa.Array] | None = None

    @property
    def header(self) -> list[str]:
        return [header for header, _ in self.columns]


BOOK = (
    ("Textbook ID", "textbook_id"),
    ("Medium", "mediums"),
    ("Grade", "grades"),
    ("Subject", "subjects"),
    ("Textbook Name", "textbook_name"),
)
DAYS = (("Created On", "created_on"), ("Last Updated On", "updated_on"))
STATUS = (("Textbook Status", "status"),)
UNIT = (
    *((f"Level {n} Name", f"level_{n}_name") for n in range(1, LEVELS + 1)),
    ("QR Code", "code"),
    ("Total Scans", "scan_count"),
)
LISTINGS = (
    Listing(
        "DCE_textbook_data.csv",
        QR_STATUS_TEXTBOOK.name,
        (
            *(*BOOK, *DAYS),
            ("Total number of QR codes", "code_count"),
            ("Number of QR codes with atleast 1 linked content", "code_with_content_count"),
            ("Number of QR codes with no linked content", "code_without_content_count"),
            ("Term 1 QR Codes with no linked content", "term_1_without_content_count"),
            ("Term 2 QR Codes with no linked content", "term_2_without_content_count"),
        ),
    ),
    # The exceptions: codes that lead nowhere.
    Listing(
        "DCE_dialcode_data.csv",
        QR_STATUS_CODE.name,
        (*BOOK, *UNIT, ("Term", "term")),
        is_kept=lambda table: pc.equal(table["content_count"], 0),
    ),
    Listing(
        "ETB_textbook_data.csv",
        TEXTBOOK_CREATION.name,
        (
            *(*BOOK, *STATUS, *DAYS),
            ("Total content linked", "content_count"),
            ("Total QR codes linked to content", "code_with_content_count"),
            ("Total number of QR codes with no linked content", "code_without_content_count"),
            ("Total number of leaf nodes", "leaf_count"),
            ("Number of leaf nodes with no content", "leaf_without_content_count"),
        ),
    ),
    Listing(
        "ETB_dialcode_data.csv",
        TEXTBOOK_CREATION_NODE.name,
        (
            *(*BOOK, *STATUS),
            ("Type of Node", "node_type"),
            *UNIT,
            ("Number of contents", "content_count"),
        ),
    ),
    # Not one of the old ones: what cannot be counted is named, and not left out of the totals.
    Listing(
        "textbooks_without_hierarchy.csv",
        TEXTBOOK_CREATION.name,
        (*BOOK, *STATUS, ("Problem", "hierarchy_problem")),
        is_kept=lambda table: pc.is_valid(table["hierarchy_problem"]),
    ),
)


class ListingLines:
    """The lines of one listing for any owner: every cell is made once, however many files."""

    def __init__(self, listing: Listing, table: pa.Table) -> None:
        kept = table if listing.is_kept is None else table.filter(listing.is_kept(table))
        order = ["book_position", "node_number", "code"]
        in_order = kept.sort_by([(n, "ascending") for n in order if n in kept.column_names])
        self.listing = listing
        self.owners = in_order["owner_channel"].to_pylist()
        self.is_own = [ownership == OWN for ownership in in_order["ownership"].to_pylist()]
        made = {column: cells(in_order[column]) for _, column in listing.columns}
        self.rows = list(zip(*made.values(), strict=True))
        if "scan_count" in made:
            # Overall a code's scans are all of them, whoever is credited.
            made["scan_count"] = cells(in_order["all_scan_count"])
        self.rows_overall = list(zip(*made.values(), strict=True))

    def overall(self) -> Lines:
        """Every textbook once: its publisher's."""
        kept = zip(self.rows_overall, self.is_own, strict=True)
        return [self.listing.header, *(row for row, is_own in kept if is_own)]

    def by_owner(self) -> dict[str, Lines]:
        found: dict[str, Lines] = {}
        for row, owner in zip(self.rows, self.owners, strict=True):
            found.setdefault(owner, []).append(row)
        return {owner: [self.listing.header, *rows] for owner, rows in found.items()}


def listing_files(tables: Tables, folders: Mapping[str, str]) -> Iterator[tuple[str, Lines]]:
    """(name, lines) of every listing, for all and for each tenant, of those without rows too."""
    for listing in LISTINGS:
        lines = ListingLines(listing, tables[listing.table])
        yield f"{OVERALL_FOLDER}/{listing.name}", lines.overall()
        by_owner = lines.by_owner()
        for channel, folder in folders.items():
            yield f"{folder}/{listing.name}", by_owner.get(channel, [listing.header])


def cells(column: pa.ChunkedArray) -> list[str]:
    """A column's values as the files have them; each different one is made once."""
    found = column.combine_chunks().dictionary_encode()
    made = [cell(value) for value in found.dictionary.to_pylist()]
    return [made[place] if place is not None else "" for place in found.indices.to_pylist()]


def cell(value: Any) -> str:
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return text(value) if isinstance(value, str) else str(value)


def as_csv(lines: Lines) -> bytes:
    """Without a byte-order mark: a program would take it for a part of the first header."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(lines)
    return written.getvalue().encode("utf-8", "replace")
