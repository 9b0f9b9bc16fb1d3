"""The tables of the reports, made of drawn textbooks by the way that the job goes."""

from datetime import UTC, datetime

import pyarrow as pa

from jobs.contracts.adoptions import TEXTBOOK_ADOPTION
from jobs.contracts.textbook_reports import TEXTBOOK_REPORT_TABLES
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.contracts.usage_credits import USAGE_TENANTS
from jobs.samples.places import BOOK_STATES, PUBLISHERS
from jobs.samples.textbooks import BOOKS
from jobs.sources.textbook_units import units
from jobs.storage.metric_queries import run_metric
from jobs.textbooks.views import report_views
from jobs.textbooks.weeks import week_at

AS_OF = datetime(2026, 11, 18, 4, tzinfo=UTC)
TIMEZONE = "Asia/Kolkata"
SCANS = "owner_scope string, owner_channel string, code string, scan_count bigint"
SLUGS = ("national", "press", "gujarat", "karnataka", "kerala")
TENANTS = [
    (tenant.channel, tenant.org_id, slug, tenant.name)
    for tenant, slug in zip((*PUBLISHERS, *BOOK_STATES), SLUGS, strict=True)
]


def textbook(version_id, hierarchy, **more):
    """A row of `textbooks` with what its hierarchy says."""
    read = units(hierarchy)
    return {
        "textbook_id": version_id.removesuffix(".img"),
        "version_id": version_id,
        "status": "Live",
        "hierarchy_problem": read.problem,
        "chapter_count": read.chapter_count,
        "codes": read.codes,
        "content_ids": read.content_ids,
        "nodes": None if read.nodes is None else [vars(node) for node in read.nodes],
    } | more


def sample_textbooks():
    return [
        textbook(
            book.version_id,
            book.hierarchy,
            name=book.name,
            status=book.status,
            channel=book.channel,
            board=book.board,
            mediums=list(book.mediums),
            grades=list(book.grades),
            subjects=list(book.subjects),
            origin_id=book.origin,
            created_at=book.created,
            updated_at=book.updated,
        )
        for book in BOOKS
    ]


def adoption(book, tenant, **more):
    """A row of `textbook_adoption`: as is, from 1 July 2026 on."""
    return {
        "textbook_id": book if isinstance(book, str) else book.textbook_id,
        "board": f"State ({tenant.name})",
        "adopting_channel": tenant.channel,
        "mode": "asis",
        "valid_from": datetime(2026, 7, 1, tzinfo=UTC),
    } | more


def frame_of(spark, contract, rows):
    whole = [tuple(row.get(name) for name in contract.columns) for row in rows]
    return spark.createDataFrame(whole, contract.spark_schema())


def kept(frame, _name):
    """Computed once, as the job's are."""
    rows = frame.collect()
    return frame.sparkSession.createDataFrame(rows, frame.schema)


def views_of(spark, textbooks, adoptions=(), scans=(), tenants=TENANTS, as_of=AS_OF):
    return report_views(
        frame_of(spark, TEXTBOOKS, textbooks),
        frame_of(spark, TEXTBOOK_ADOPTION, adoptions),
        spark.createDataFrame(list(tenants), USAGE_TENANTS.spark_schema()),
        spark.createDataFrame(list(scans), SCANS),
        as_of=as_of,
        timezone=TIMEZONE,
        keep=kept,
    )


def tables_of(spark, textbooks, adoptions=(), scans=(), tenants=TENANTS, as_of=AS_OF, only=()):
    """{table: Arrow table}, of the tables named or all."""
    views = views_of(spark, textbooks, adoptions, scans, tenants, as_of)
    week = week_at(as_of, TIMEZONE)
    found = {}
    for name, contract in TEXTBOOK_REPORT_TABLES.items():
        if not only or name in only:
            rows = run_metric(spark, f"textbooks/{name}", views, {"week_on": week.starts_on})
            told = [row.asDict() for row in contract.conform(rows).collect()]
            found[name] = pa.Table.from_pylist(told, schema=contract.arrow_schema())
    return found
