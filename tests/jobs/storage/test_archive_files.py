"""The archive's files: both ways to write a quote, odd headers, files that are none."""

import csv
import gzip
import io
import json

import pytest

from jobs.contracts.raw import ASSESSMENT_ARCHIVE
from jobs.storage.archive_files import archive_files, read_archive
from jobs.storage.catalogue import Source, source_of

HEADER = [
    "course_id",
    "batch_id",
    "user_id",
    "content_id",
    "attempt_id",
    "question",
    "last_attempted_on",
]
QUESTION = json.dumps(
    [{"id": "k1", "title": 'क "ख", ग \\', "params": [{"1": json.dumps({"text": r"A=\pi"})}]}],
    ensure_ascii=False,
)
ROW = ["do_1", "b1", "asha", "q", "a1", QUESTION, "1573848000000"]


def doubled(*rows, header=HEADER, end="\n"):
    page = io.StringIO(newline="")
    csv.writer(page, lineterminator=end).writerows([header, *rows])
    return page.getvalue().encode()


@pytest.fixture
def archive(tmp_path):
    def write(files):
        for name, content in files.items():
            path = tmp_path / "archive" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return source_of(
            tmp_path, "assessment_archive", {"path": str(tmp_path / "archive")}, tmp_path
        )

    return write


def rows(spark, source):
    found = read_archive(spark, archive_files(source), ASSESSMENT_ARCHIVE)
    return sorted(
        (row.asDict() for row in found.collect()), key=lambda row: row["attempt_id"] or ""
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quotes_that_are_doubled_are_read_with_either_line_end(spark, archive, end):
    other = [*ROW[:4], "a2", None, ""]
    first, second = rows(spark, archive({"b1_do_1/2026-1-1.csv": doubled(ROW, other, end=end)}))

    assert (first["question"], first["last_attempted_on"]) == (QUESTION, "1573848000000")
    assert (first["folder"], first["_malformed"]) == ("b1_do_1", None)
    assert (second["question"], second["last_attempted_on"]) == (None, None)


def test_quotes_after_a_backslash_are_read_as_spark_writes_them(spark, archive, tmp_path):
    told = spark.createDataFrame([tuple(ROW)], ", ".join(f"{name} string" for name in HEADER))
    told.coalesce(1).write.option("header", "true").csv(str(tmp_path / "spark"))
    (part,) = (tmp_path / "spark").glob("*.csv")
    packed = gzip.compress(part.read_bytes())

    (row,) = rows(spark, archive({"b1_do_1/2026-1-1.csv.gz": packed}))

    assert row["question"] == QUESTION


def test_files_with_their_columns_in_another_order_or_fewer_are_read_by_name(spark, archive):
    turned = [*ROW[:4], "a2", QUESTION]
    found = rows(
        spark,
        archive(
            {
                "b1_do_1/2026-1-1.csv": doubled(ROW),
                "b+1 ü_do_1/2026-2-1.csv": doubled(turned[::-1], header=HEADER[:6][::-1]),
            }
        ),
    )

    assert [(row["user_id"], row["question"]) for row in found] == [("asha", QUESTION)] * 2
    assert [row["folder"] for row in found] == ["b1_do_1", "b+1 ü_do_1"]


def test_file_that_is_none_is_one_row_that_tells_its_name(spark, archive):
    found = rows(
        spark,
        archive(
            {
                "b1_do_1/2026-1-1.csv": b"user_id,batch\nasha,b1\nravi,b1\n",
                "b1_do_1/2026-2-1.csv.gz": b"\x1f\x8bnothing",
                "b1_do_1/2026-3-1.csv": b"",
                "b1_do_1/.part.csv": b"x",
            }
        ),
    )

    assert sorted((row["folder"], row["_malformed"]) for row in found) == [
        ("b1_do_1", "2026-1-1.csv"), ("b1_do_1", "2026-2-1.csv.gz"),
    ]  # fmt: skip


def test_archive_that_is_elsewhere_or_of_another_format_is_no_folder_of_files(tmp_path):
    absent = Source("assessment_archive", None, None)

    assert archive_files(absent) == []
    assert archive_files(Source("assessment_archive", "csv", "s3a://bucket/archive")) is None
    assert archive_files(Source("assessment_archive", "parquet", str(tmp_path))) is None


def test_folder_can_belong_to_every_batch_that_it_begins_with(archive):
    (file,) = archive_files(archive({"b_1_do_1/2026-1-1.csv": doubled(ROW)}))

    assert file.batches == ["b", "b_1", "b_1_do"]
