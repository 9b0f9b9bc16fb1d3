"""Rows as a broken export writes them, mixed with whole ones whose outcome is known."""

import csv
import io
import json
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from jobs.contracts.raw import RAW_TABLES

LONG = "x" * 1_000_000
CORPUS = (
    "", " ", "\t", "null", "NULL", "\\N", "NaN", "nan", "Infinity", "-Infinity", "1e999", "1e308",
    "-1", "-7.5", "1.5", "99999", "2147483648", "99999999999999999999", "1e12", "0x1F", "1,000",
    "2021-02-31", "31-02-2021", "2021-13-45T25:61:61Z", "0000-00-00", "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "0001-01-01", "-99999999999999", "99999999999999", "2021-07-0102",
    "true", "maybe", "{'a': 2", '{"a": "x"}', '{"a": 1.5}', '{"a": null}', '{"a":1,"a":2}', "{a: 1}",
    "[]", "{}", "[1, 2", "{'a', 'b'}", '["a", "b"]', '[{"role": 5}]', '[{"scope": {}}]', "[" * 3000,
    '{"completedCount": 1e300, "score:do_q": 1e300, "max_score:do_q": 1e300}',
    '{"completedCount": -5, "score:do_q": -3, "max_score:do_q": 2}', '{"score:do_q": NaN}',
    "=1+1", "+91 98765", "@SUM(A1)", "a\0b", "\0", '"', '""', "\\", '\\"', '","', "a\nb", "a\r\nb",
    "a\rb", ",", "a,b\n", "\u2028", "\ufeff", "\u202etxt", "\ufffd", "🙂", "क्षत्रिय", "b1", "do_1", "u1",
    "1/0", "9" * 400 + "/1", "7/25", "cb:", "cb:b1", "asha@example.org",
)  # fmt: skip

NAMES = (
    "क्षत्रिय, शर्मा", "ਗੁਰਪ੍ਰੀਤ", "தமிழ்ச்செல்வி", "O'Neil \"Al\"", "two\nlines", "two\r\nlines", "a;b,c", "🙂 emoji",
    "=1+1", "back\\slash", '"quoted"', "  kept  ", "ends with\\", "null", "\ttab",
)  # fmt: skip

ENROLLED = "2021-07-01T10:00:00.000Z"


def whole_row(table, number, draw):
    """A good row and what the clean table must hold of it."""
    user, batch, name = f"good-{number}", f"batch-{number % 7}", draw.choice(NAMES)
    if table == "user_enrolments":
        status = {"do_a": draw.choice([0, 1, 2])}
        return (
            {"userid": user, "courseid": "do_1", "batchid": batch, "active": "true"}
            | {"enrolled_date": ENROLLED, "status": "2", "contentstatus": json.dumps(status)},
            {"user_id": user, "batch_id": batch, "collection_id": "do_1", "is_active": True}
            | {"enrolled_at": datetime(2021, 7, 1, 10, tzinfo=UTC), "status": 2}
            | {"content_status": list(status.items())},
        )
    if table == "users":
        other = draw.choice(NAMES)
        return (
            {"userid": user, "firstname": f"A{name}z", "schoolname": other, "status": "1"}
            | {"email": "kept as it is", "district": name, "language": "hi"},
            {"user_id": user, "user_name": f"A{name}z", "school_name": other, "district": name}
            | {"email_cipher": "kept as it is", "language": "hi", "is_active": True},
        )
    if table == "assessment_aggregator":
        return (
            {"user_id": user, "course_id": "do_1", "batch_id": batch, "content_id": "do_q"}
            | {"attempt_id": "a1", "total_score": "3.5", "total_max_score": "5"}
            | {"last_attempted_on": ENROLLED},
            {"user_id": user, "batch_id": batch, "content_id": "do_q", "attempt_id": "a1"}
            | {"score": 3.5, "max_score": 5.0}
            | {"attempted_at": datetime(2021, 7, 1, 10, tzinfo=UTC)},
        )
    if table == "user_activity_agg":
        return (
            {"activity_type": "Course", "activity_id": "do_1", "user_id": user}
            | {"context_id": f"cb:{batch}", "aggregates": '{"completedCount": 3}'},
            {"user_id": user, "batch_id": batch, "aggregates": [("completedCount", 3.0)]},
        )
    return (
        {"courseid": "do_1", "batchid": user, "name": name, "start_date": "2021-07-01T00:00:00Z"}
        | {"mentors": '["m1", "m2"]', "status": "1"},
        {"batch_id": user, "collection_id": "do_1", "batch_name": name, "status": 1}
        | {"start_on": date(2021, 7, 1), "mentors": ["m1", "m2"]},
    )


@dataclass(frozen=True)
class Export:
    """The bytes of one table's file, how many rows it has, and what must come of the whole ones."""

    content: bytes
    row_count: int
    expected: list[dict]


def odd_texts(count, number):
    """Texts as hypothesis draws them: the same for the same number."""
    drawn = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
    def collect(text):
        drawn.append(text)

    collect()
    return drawn


def export(table, form, *, rows, number):
    """A file of this many rows, half of them whole, in this form: csv or jsonl."""
    draw = random.Random(f"{number} {table} {form}")
    texts = [*CORPUS, *odd_texts(max(50, rows // 20), number)]
    columns = RAW_TABLES[table].columns
    lines, expected = [], []
    for at in range(rows):
        if at % 2:
            row, outcome = whole_row(table, at, draw)
            expected.append(outcome)
            lines.append(written(form, columns, row, draw, is_whole=True))
        elif at % 10 == 0:
            lines.append(broken_line(form, columns, draw))
        else:
            lines.append(written(form, columns, odd_row(table, columns, texts, at, draw), draw))
    head = b"\xef\xbb\xbf" if draw.random() < 0.5 else b""
    header = (",".join(columns).encode() + b"\n") if form == "csv" else b""
    return Export((head if form == "csv" else b"") + header + b"".join(lines), rows, expected)


def odd_row(table, columns, texts, at, draw):
    """A whole row in which some values, keys too, are anything."""
    # Some keys come several times.
    row, _ = whole_row(table, at - at % 8, draw)
    row = {name: value.replace("good-", "odd-") for name, value in row.items()}
    for name in draw.sample(columns, draw.randint(1, len(columns))):
        row[name] = LONG if draw.random() < 0.002 else draw.choice(texts)
    return row


def written(form, columns, row, draw, *, is_whole=False):
    end = draw.choice([b"\n", b"\r\n"])
    if form == "csv":
        page = io.StringIO(newline="")
        quoting = draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        csv.writer(page, lineterminator="\r\n", quoting=quoting).writerow(
            [row.get(name, "") for name in columns]
        )
        return page.getvalue().removesuffix("\r\n").encode() + end
    values = {name: typed_value(value, draw) for name, value in row.items()}
    if not is_whole:
        values |= dict.fromkeys(draw.sample(columns, 2))
    return json.dumps(values, ensure_ascii=draw.random() < 0.5).encode() + end


def typed_value(value, draw):
    """The text, or what JSON would rather hold: a number, a mark, an object."""
    if draw.random() < 0.5:
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found if isinstance(found, (dict, list, bool)) else value


def broken_line(form, columns, draw):
    cells = [b"u%d" % draw.randint(0, 9)] * len(columns)
    if form == "csv":
        return draw.choice(
            [
                b",".join(cells[1:]),
                b",".join([*cells, b"one too many"]),
                b"only one",
                b",".join([*cells[1:], b"\xff\xfe bad UTF-8"]),
                b",".join([b"bad key \xc3\x28", *cells[1:]]),
                b",".join([*cells[:-1], b'quote " inside']),
                b",".join([b"nul \0 key", *cells[1:]]),
                b"," * (len(columns) * 3),
                b",".join([b"#comment?", *cells[1:]]),
            ]
        ) + draw.choice([b"\n", b"\r\n"])
    return draw.choice(
        [
            b'{"userid": "cut off',
            b"{",
            b"5",
            b'"text"',
            b"not json at all",
            b'{"userid": "bad \xff UTF-8"}',
            b'{"userid": "u1"} trailing {',
            b'{"userid": NaN, "status": Infinity}',
            b"{}",
            b"[" * 2000,
            b'{"userid": "\\ud83d alone"}',
            b'{"a": ' * 1500,
            b"userid,courseid\tbatchid",
        ]
    ) + draw.choice([b"\n", b"\r\n"])
