"""The raw tables of a small Sunbird as rows, found by the places of its edges."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from jobs.samples.edges import PLACES, Edge

Row = dict[str, Any]


class Lake:
    """The raw tables as lists of rows, maps as dicts."""

    def __init__(self, home: Path) -> None:
        self.folder = lake = home / "lake"
        self.key = (home / "secrets" / "platform_key").read_text().strip()
        self.salt = (home / "secrets" / "platform_salt").read_text().strip()
        self.enrolments = self.parquet(lake / "user_enrolments")
        self.users = self.parquet(lake / "users")
        self.batches = self.parquet(lake / "course_batch")
        self.attempts = self.parquet(lake / "assessment_aggregator")
        self.hierarchies = self.parquet(lake / "content_hierarchy")
        self.activity = self.json_lines(lake / "user_activity_agg")
        self.contents = self.json_lines(lake / "content")
        self.consumption = self.parquet(lake / "user_content_consumption")
        self.groups = self.parquet(lake / "groups")
        self.members = self.parquet(lake / "group_member")
        self.group_activities = self.parquet(lake / "group_activity")
        with (lake / "usr_external_identity" / "part-00000.csv").open(newline="") as lines:
            self.external_ids: list[Row] = list(csv.DictReader(lines))

    def parquet(self, folder: Path) -> list[Row]:
        return pq.read_table(folder).to_pylist()

    def json_lines(self, folder: Path) -> list[Row]:
        text = (folder / "part-00000.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def enrolments_of(self, edge: Edge, number: int = 0) -> list[Row]:
        place = PLACES[edge]
        batch = place.batch_ids[number] if len(place.batch_ids) > 1 else place.batch_ids[0]
        user = place.user_ids[number]
        return [r for r in self.enrolments if r["userid"] == user and r["batchid"] == batch]

    def user_of(self, edge: Edge, number: int = 0) -> Row:
        return next(r for r in self.users if r["userid"] == PLACES[edge].user_ids[number])

    def attempts_of(self, edge: Edge) -> list[Row]:
        return [r for r in self.attempts if r["user_id"] == PLACES[edge].user_ids[0]]

    def batch_of(self, edge: Edge) -> Row:
        return next(r for r in self.batches if r["batchid"] == PLACES[edge].batch_ids[0])

    def hierarchy_of(self, edge: Edge) -> Row | None:
        wanted = PLACES[edge].collection_id
        return next((r for r in self.hierarchies if r["identifier"] == wanted), None)
