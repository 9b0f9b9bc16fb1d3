"""Ten thousand textbooks of five levels with fifteen QR codes each, and who adopted and scanned."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jobs.settings import Settings
from jobs.storage.store import open_store

COLLECTION = "application/vnd.ekstep.content-collection"
CHAPTERS, CODES_OF_A_BOOK, TENANTS = 5, 15, 36
FILE_BOOKS = 500
DAYS_SCANNED = 10
STATUSES = ("Live",) * 8 + ("Review", "Draft")
SUBJECTS = ("Mathematics", "Science", "English", "Hindi", "Social Science", "Art")
MADE = datetime(2026, 6, 15, 7, tzinfo=UTC)


def write_platform(home: Path, books: int) -> None:
    """Raw tables in the lake, adoptions and scans in the store."""
    lake = home / "lake"
    for folder in ("content", "content_hierarchy", "organisation"):
        (lake / folder).mkdir(parents=True)
    for start in range(0, books, FILE_BOOKS):
        numbers = range(start, min(start + FILE_BOOKS, books))
        trees = [hierarchy(number) for number in numbers]
        write(lake / "content" / f"part-{start:06}.parquet", [content(n) for n in numbers])
        write(lake / "content_hierarchy" / f"part-{start:06}.parquet", trees)
    roots = (f"org{n},org{n},tenant{n},Tenant {n},true\n" for n in range(TENANTS))
    text = "id,channel,slug,orgname,isrootorg\n" + "".join(roots)
    (lake / "organisation" / "organisation.csv").write_text(text, encoding="utf-8")
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        # Every sixth textbook is shown by a state; all codes were scanned on ten days.
        connection.execute(
            "INSERT INTO operations.textbook_adoption (adoption_id, textbook_id, board,"
            " publisher_channel, adopting_channel, framework_id, mode, adopter_id, file_id,"
            " row_number, valid_from)"
            " SELECT 'a' || n, 'do_' || n, 'Board', 'org0', 'org' || 1 + n %% 35, 'f', 'asis', 'u',"
            " 'f', 1, '2026-07-01' FROM generate_series(0, %s, 6) AS n",
            [books - 1],
        )
        connection.execute(
            "INSERT INTO metrics.scans_by_code_daily"
            " SELECT date_trunc('week', now())::date - 1 - day, 'tenant',"
            " 'org' || CASE WHEN day %% 2 = 0 THEN 0 ELSE 1 + n / 15 %% 35 END,"
            " 'C' || n, 1 + n %% 7, 1 + n %% 7, 0"
            " FROM generate_series(0, %s) AS n, generate_series(0, %s) AS day",
            [books * CODES_OF_A_BOOK - 1, DAYS_SCANNED - 1],
        )


def write(file: Path, rows: list[dict[str, Any]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), file, compression="zstd")


def content(number: int) -> dict[str, Any]:
    return {
        "identifier": f"do_{number}",
        "name": f"Textbook {number}",
        "status": STATUSES[number // 7 % len(STATUSES)],
        "channel": f"org{number % 5}",
        "contenttype": "TextBook",
        "primarycategory": "Digital Textbook",
        "board": f"Board {number % 5}",
        "medium": ["English"] if number % 3 else ["Hindi", "English"],
        "gradelevel": [f"Class {1 + number % 12}"],
        "subject": [SUBJECTS[number % 6]]
        + ([SUBJECTS[(number + 1) % 6]] if number % 10 == 0 else []),
        "pkgversion": 1,
        "createdon": MADE,
        "lastupdatedon": MADE,
    }


def hierarchy(number: int) -> dict[str, Any]:
    """A tree of 76 units: 5 chapters, 10, 20, 20 and 20 below; every eighth leaf is empty."""
    codes = (f"C{number * CODES_OF_A_BOOK + n}" for n in range(CODES_OF_A_BOOK))
    ids = iter(range(1, 1000))

    def unit(level: int) -> dict[str, Any]:
        mine = next(ids)
        width = 2 if level < 3 else 1
        below = [unit(level + 1) for _ in range(width)] if level < 5 else list(leaves(mine))
        node = node_of(f"do_{number}_{mine}", f"Unit {mine} of level {level}", below)
        return node | ({"dialcodes": [next(codes)]} if level < 3 else {})

    def leaves(mine: int) -> Iterator[dict[str, Any]]:
        for n in range(0 if (number + mine) % 8 == 0 else 2):
            yield {
                "identifier": f"do_c{number}_{mine}_{n}",
                "name": f"Explanation {n} of unit {mine}",
                "contentType": "Resource",
                "mimeType": "video/mp4",
                "objectType": "Content",
                "status": "Live",
            }

    tree = node_of(f"do_{number}", f"Textbook {number}", [unit(1) for _ in range(CHAPTERS)])
    tree |= {"contentType": "TextBook", "visibility": "Default"}
    return {"identifier": f"do_{number}", "hierarchy": json.dumps(tree)}


def node_of(identifier: str, name: str, children: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "name": name,
        "contentType": "TextBookUnit",
        "mimeType": COLLECTION,
        "visibility": "Parent",
        "status": "Live",
        "children": [child | {"index": n} for n, child in enumerate(children, 1)],
    }
