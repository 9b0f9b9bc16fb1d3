"""Adoption files taken in on a platform of two states, without Spark."""

from datetime import timedelta

import pytest

from jobs.storage.adoptions import adoptions
from jobs.textbooks.adoption.job import adopt
from jobs.textbooks.adoption.order import Order
from tests.jobs.textbooks.adoption_cases import BOOKS, GUJARAT, NOW, REVIEWER, publish_all


@pytest.fixture
def take_in(store, objects, make_settings, publish_rows):
    """take_in(data, minutes=..., **order) -> Outcome, of the reviewer of Gujarat."""
    publish_all(publish_rows, BOOKS)

    def taken(data, *, minutes=0, adopter=REVIEWER, state=GUJARAT, dry_run=False, **order):
        return adopt(
            make_settings(team_address="team@example.org"), store, objects,
            Order("books.csv", data, state, adopter, **order),
            now=NOW + timedelta(minutes=minutes), dry_run=dry_run,
        )  # fmt: skip

    return taken


@pytest.fixture
def held(store):
    """held() -> every version, as (textbook, mediums, minute it began, minute it ended)."""

    def versions():
        with store.transaction() as connection:
            rows = adoptions(connection)
        return [
            (row["textbook_id"], row["mediums"], minute(row["valid_from"]), minute(row["valid_to"]))
            for row in rows
        ]

    return versions


def minute(at):
    return None if at is None else round((at - NOW).total_seconds() / 60)


@pytest.fixture
def answers(ask):
    """answers() -> (facts, attachments, user, role) of every answer in the outbox."""

    def enqueued():
        return ask(
            "SELECT facts, attachments, recipient_user_id, recipient_role"
            " FROM operations.delivery ORDER BY created_at, delivery_id"
        )

    return enqueued
