"""Rows in, the bytes of a CSV file out."""

import codecs
import csv
import io
from datetime import date

import pyarrow as pa
import pytest

from jobs.contracts.exhausts import PROGRESS
from jobs.exhausts.cut import columns_read, write_csv
from jobs.exhausts.kinds import PROGRESS_EXHAUST
from jobs.exhausts.layout import columns_of
from jobs.exhausts.selection import Selection
from jobs.sources import cipher

KEY, SALT = "0123456789abcdef", "salt"
NEEDED = PROGRESS_EXHAUST.needed
BATCH = {"batch_id": "b1", "batch_name": "June, 2026"}
COURSE = {
    "collection_id": "do_1",
    "collection_name": "Fractions",
    "modules": [{"id": "do_m2", "name": "Second"}, {"id": "do_m1", "name": "First"}],
    "assessments": [{"id": "do_1", "name": "Quiz"}, {"id": "do_11", "name": "Test"}],
}


def sealed(text):
    return cipher.encrypt(text, key=KEY, salt=SALT)


def opened(texts):
    return cipher.decrypt_many(texts, key=KEY, salt=SALT)


def learner(user_id, **values):
    return {
        "batch_id": "b1",
        "user_id": user_id,
        "collection_id": "do_1",
        "is_known": True,
        "root_org_id": "up",
        "has_certificate": False,
        "stage": "not_started",
        **values,
    }


def pages_of(rows, *, size=2):
    table = pa.Table.from_pylist(
        [{name: row.get(name) for name in PROGRESS.columns} for row in rows],
        schema=PROGRESS.arrow_schema(),
    )
    return table.to_batches(max_chunksize=size)


def cut(rows, *, layout="dashboard", organisation=None, course=COURSE, size=2):
    columns = columns_of(layout, course, BATCH)
    target = io.BytesIO()
    pages = [page.select(columns_read(columns, NEEDED)) for page in pages_of(rows, size=size)]
    counts = write_csv(
        target, pages, columns, decipher_many=opened, selection=Selection(organisation)
    )
    return target.getvalue(), counts


def read(content):
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_learners_row_in_the_dashboards_layout():
    content, _ = cut([
        learner(
            "u1", external_id="E1", user_name="Asha Devi", email_cipher=sealed("asha@example.org"),
            phone_cipher=sealed("9876543210"), org_name="UP", district="Agra", school_name="GPS",
            block="Bah", enrolled_on=date(2019, 11, 16), progress_pct=67,
            completed_on=date(2020, 1, 2), stage="completed", module_progress={"do_m1": 50,
            "do_m2": 0}, score_pct={"do_1": 28}, total_score_pct=28,
        ),
    ])  # fmt: skip
    assert read(content) == [{
        "External ID": "E1", "User ID": "u1", "User Name": "Asha Devi",
        "Email ID": "as****@example.org", "Mobile Number": "****3210", "Organization Name": "UP",
        "District Name": "Agra", "School Name": "GPS", "Block Name": "Bah",
        "Enrollment Date": "16/11/2019", "Course Progress": "67", "Completion Date": "02/01/2020",
        "do_m2 - Progress": "0", "do_m1 - Progress": "50", "do_1 - Score": "28%",
        "do_11 - Score": "", "Total Score": "28%",
    }]  # fmt: skip


def test_a_learners_row_in_sunbirds_layout():
    content, _ = cut([
        learner("u1", state="UP", district="Agra", org_name="Org", school_id="091", block="Bah",
                school_name="GPS", cluster="C", user_type="teacher", user_sub_type="hm",
                board="CBSE", has_certificate=True, progress_pct=0),
    ], layout="collection")  # fmt: skip
    assert read(content) == [{
        "Collection Id": "do_1", "Collection Name": "Fractions", "Batch Id": "BatchId_b1",
        "Batch Name": "June, 2026", "User UUID": "u1", "State": "UP", "District": "Agra",
        "Org Name": "Org", "School Id": "091", "School Name": "GPS", "Block Name": "Bah",
        "Cluster Name": "C", "User Type": "teacher", "User Sub Type": "hm",
        "Declared Board": "CBSE", "Enrolment Date": "", "Completion Date": "",
        "Certificate Status": "Issued", "Progress": "0", "do_m2 - Progress": "",
        "do_m1 - Progress": "", "do_1 - Score": "", "do_11 - Score": "", "Total Score": "",
    }]  # fmt: skip


def test_an_id_that_begins_like_another_keeps_its_own_score():
    rows = read(
        cut([learner("u1", score_pct={"do_11": 90}), learner("u2", score_pct={"do_1": 5})])[0]
    )
    assert [(row["do_1 - Score"], row["do_11 - Score"]) for row in rows] == [
        ("", "90%"),
        ("5%", ""),
    ]


def test_maps_stay_with_their_rows_when_rows_between_are_left_out_or_have_none():
    rows = [
        learner("u1", module_progress={"do_m1": 1, "do_m2": 2, "gone": 9}),
        learner("u2", left_out_reason="left_batch", module_progress={"do_m1": 77}),
        learner("u3"),
        learner("u4", module_progress={}),
        learner("u5", module_progress={"do_m2": None, "do_m1": 5}),
    ]
    for size in (1, 2, 5):
        shown = read(cut(rows, size=size)[0])
        assert [
            (row["User ID"], row["do_m1 - Progress"], row["do_m2 - Progress"]) for row in shown
        ] == [("u1", "1", "2"), ("u3", "", ""), ("u4", "", ""), ("u5", "5", "")]


def test_a_batch_in_which_nobody_began_has_all_columns_and_blank_scores():
    content, counts = cut([learner("u1", progress_pct=0)])
    assert list(read(content)[0])[12:] == [
        "do_m2 - Progress", "do_m1 - Progress", "do_1 - Score", "do_11 - Score", "Total Score",
    ]  # fmt: skip
    assert counts.stages == {"not_started": 1}


def test_a_batch_without_learners_has_a_header_and_nothing_else():
    content, counts = cut([])
    assert content.startswith(codecs.BOM_UTF8 + b"External ID,")
    assert content.endswith(b"Total Score\r\n")
    assert content.count(b"\r\n") == 1
    assert (counts.read, counts.written) == (0, 0)


def test_a_learner_missing_from_the_user_table_stays_with_blanks_and_is_counted():
    content, counts = cut([learner("u1", is_known=False, root_org_id=None), learner("u2")])
    shown = read(content)
    assert [row["User ID"] for row in shown] == ["u1", "u2"]
    assert shown[0]["User Name"] == shown[0]["Email ID"] == ""
    assert counts.unknown == 1


def test_learners_left_out_are_counted_by_reason_and_not_written():
    content, counts = cut([
        learner("u1"),
        learner("u2", left_out_reason="left_batch", is_known=False),
        learner("u3", left_out_reason="no_enrolment_date"),
        learner("u4", left_out_reason="left_batch"),
    ])  # fmt: skip
    assert [row["User ID"] for row in read(content)] == ["u1"]
    assert counts.left_out == {"left_batch": 2, "no_enrolment_date": 1}
    assert (counts.read, counts.written, counts.unknown) == (4, 1, 0)


def test_another_tenant_gets_only_its_own_learners():
    rows = [
        learner("u1", root_org_id="up"),
        learner("u2", root_org_id="br", stage="completed"),
        learner("u3", root_org_id=None, is_known=False),
        learner("u4", root_org_id="up", left_out_reason="left_batch"),
    ]
    content, counts = cut(rows, organisation="br")
    assert [row["User ID"] for row in read(content)] == ["u2"]
    assert counts.left_out == {"other_organisation": 2, "left_batch": 1}
    assert counts.stages == {"completed": 1}
    assert len(read(cut(rows)[0])) == 3


def test_a_value_that_does_not_open_is_blank_and_counted_never_shown():
    foreign = cipher.encrypt("asha@example.org", key=KEY, salt="another")
    content, counts = cut([
        learner("u1", email_cipher=foreign, phone_cipher="9876543210"),
        learner("u2", email_cipher=sealed("ravi@example.org"), phone_cipher="  "),
    ])  # fmt: skip
    assert [(row["Email ID"], row["Mobile Number"]) for row in read(content)] == [
        ("", ""),
        ("ra****@example.org", ""),
    ]
    assert counts.undecryptable == {"email": 1, "phone": 1}
    assert foreign.encode() not in content
    assert b"9876543210" not in content


@pytest.mark.parametrize(
    "name",
    ['He said "no", then left', "line one\nline two", "cr\rhere", "a\\b", " blank ", "नाम, दूसरा"],
)
def test_any_text_survives_a_strict_reader(name):
    assert read(cut([learner("u1", user_name=name)])[0])[0]["User Name"] == name


def test_quotes_are_doubled_and_lines_end_as_the_standard_says():
    content, _ = cut([learner("u1", user_name='"A"\nB'), learner("u2")])
    assert b'"""A""\nB"' in content
    assert content.count(b"\r\n") == 3


@pytest.mark.parametrize("name", ["=1+1", "+1", "@x", "-1", "\t=1", "＝1"])
def test_a_name_that_would_be_a_formula_is_text(name):
    assert read(cut([learner("u1", user_name=name)])[0])[0]["User Name"] == f"'{name}"


def test_headers_and_the_collections_own_texts_are_guarded_too():
    course = {**COURSE, "collection_name": "=cmd()", "modules": [{"id": "=x", "name": "X"}]}
    row = read(
        cut([learner("u1", module_progress={"=x": 3})], layout="collection", course=course)[0]
    )[0]
    assert row["Collection Name"] == "'=cmd()"
    assert row["'=x - Progress"] == "3"


def test_the_same_rows_make_the_same_bytes_however_they_are_paged():
    rows = [learner(f"u{n}", user_name=f"N{n}", score_pct={"do_1": n}) for n in range(9)]
    assert len({cut(rows, size=size)[0] for size in (1, 4, 9)}) == 1


def test_rows_keep_the_order_in_which_they_come():
    rows = [learner(id) for id in ("a", "b", "c")]
    assert [row["User ID"] for row in read(cut(rows)[0])] == ["a", "b", "c"]


def test_only_what_the_layout_shows_is_read():
    assert "email_cipher" not in columns_read(columns_of("collection", COURSE, BATCH), NEEDED)
    assert "email_cipher" in columns_read(columns_of("dashboard", COURSE, BATCH), NEEDED)
