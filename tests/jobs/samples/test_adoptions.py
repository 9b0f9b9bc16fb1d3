"""The small Sunbird's frameworks and adoption files, read with no help from what wrote them."""

from collections import Counter
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from jobs.samples.adoptions import OF_GUJARAT, OF_KARNATAKA
from jobs.samples.frameworks import FRAMEWORK_OF, FrameworkEdge
from jobs.samples.textbook_rows import textbook_content_rows
from jobs.samples.writer import write_samples
from jobs.textbooks.adoption.curriculum import tenant_of
from jobs.textbooks.adoption.judging import Judge
from jobs.textbooks.adoption.library import Library, books_of
from jobs.textbooks.adoption.metadata import Limits
from jobs.textbooks.adoption.sheet import read_sheet

E = FrameworkEdge


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    home = tmp_path_factory.mktemp("adoptions")
    as_of = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    write_samples(home / "lake", home / "secrets", as_of=as_of, learners=100)
    return home / "lake"


@pytest.fixture(scope="module")
def terms(lake):
    return pq.read_table(lake / "framework").to_pylist()


@pytest.fixture(scope="module")
def tenants(lake):
    rows = pq.read_table(lake / "channel_framework").to_pylist()
    return {row["channel"]: row for row in rows}


def of(rows, edge, category):
    framework = FRAMEWORK_OF[edge].framework_id
    return [r for r in rows if (r["framework"], r["category"]) == (framework, category)]


def test_each_oddity_of_a_framework_is_there(terms, tenants):
    retired = [row for row in of(terms, E.TERM_RETIRED, "medium") if row["status"] == "Retired"]
    with_medium = {
        row["framework"]
        for row in terms
        if (row["category"], row["name"]) == ("medium", "Gujarati")
    }

    assert len(retired) == 1
    assert len(tenants[FRAMEWORK_OF[E.BOARDS_TWO].tenant.channel]["boards"]) == 2
    assert tenants[FRAMEWORK_OF[E.TERRITORY_NONE].tenant.channel]["statecode"] is None
    assert FRAMEWORK_OF[E.MEDIUM_OF_TWO_STATES].framework_id in with_medium
    assert len(with_medium) == 2


def test_the_file_of_a_state_has_good_rows_and_one_of_each_kind_of_bad_one(terms, tenants):
    books = [row for row in textbook_content_rows() if row["contenttype"] == "TextBook"]
    library = Library(
        books_of(
            [
                {
                    "textbook_id": row["identifier"].removesuffix(".img"),
                    "version_id": row["identifier"], "name": row["name"], "status": row["status"],
                    "channel": row["channel"], "origin_id": row["origin"], "package_version": 1,
                }
                for row in books
            ]
        )
    )  # fmt: skip
    clean = [
        row | {
            "framework_id": row["defaultframework"], "is_default": True,
            "state_code": row["statecode"],
            "terms": [term for term in terms if term["framework"] == row["defaultframework"]],
        }
        for row in tenants.values()
    ]  # fmt: skip

    def judged(file):
        sheet = read_sheet(file.text.encode(), mode=None, most_bytes=10_000, most_rows=100)
        tenant = tenant_of(clean, file.channel)
        return Judge(library, tenant, Limits(200, 2000), frozenset({file.channel})).judged(sheet)

    found = judged(OF_GUJARAT)
    assert (len(found.wanted), judged(OF_KARNATAKA).findings) == (2, [])
    assert Counter(one.code for one in found.findings) == {
        "ADOPT_TERM_NOT_IN_FRAMEWORK": 2, "ADOPT_NOT_LIVE": 1, "ADOPT_OWN_BOOK": 1,
        "ADOPT_ID_NOT_FOUND": 1, "ADOPT_BOARD_NOT_YOURS": 1, "ADOPT_EMPTY_FIELD": 1,
    }  # fmt: skip
