"""What a progress file must hold, told a second time: plain Python over the raw files.

Nothing of `jobs/` is imported here, so that a mistake there is not repeated.
"""

import ast
import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from math import ceil

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.end_to_end.raw_files import by, raw_rows

INDIA = timezone(timedelta(hours=5, minutes=30))
ROUNDS = 3
BLOCK = 16
STARS = "****"
DASHBOARD = [
    "External ID", "User ID", "User Name", "Email ID", "Mobile Number", "Organization Name",
    "District Name", "School Name", "Block Name", "Enrollment Date", "Course Progress",
    "Completion Date",
]  # fmt: skip


class Oracle:
    """The raw tables of a small Sunbird, and what a mentor must get of each batch."""

    def __init__(self, lake, *, key, salt):
        self.key, self.salt = key, salt
        self.batches = {row["batchid"]: row for row in raw_rows(lake, "course_batch")}
        self.trees = {row["identifier"]: row for row in raw_rows(lake, "content_hierarchy")}
        self.users = {row["userid"]: row for row in raw_rows(lake, "users")}
        self.identities = by(raw_rows(lake, "usr_external_identity"), "userid")
        self.enrolments = by(raw_rows(lake, "user_enrolments"), "batchid")
        self.attempts = by(raw_rows(lake, "assessment_aggregator"), "batch_id", "user_id")
        self.activity = by(raw_rows(lake, "user_activity_agg"), "context_id", "user_id")

    def file(self, batch_id, *, tenant=None):
        """The header and the rows; `tenant` is the one whose learners are reported."""
        course_id = self.batches[batch_id]["courseid"]
        course = Course(self.trees[course_id])
        header = [
            *DASHBOARD,
            *(f"{module} - Progress" for module in course.modules),
            *(f"{test} - Score" for test in course.tests),
            "Total Score",
        ]
        rows = [
            self.row(seat, course, course_id)
            for seat in self.reported(batch_id)
            if tenant is None or self.users.get(seat["userid"], {}).get("rootorgid") == tenant
        ]
        return header, sorted(rows, key=lambda row: row[1])

    def reported(self, batch_id):
        """The one enrolment of each learner who is to be reported."""
        seats = {}
        for row in self.enrolments.get((batch_id,), []):
            if not (row["userid"] and row["courseid"]):
                continue
            held = seats.get(row["userid"])
            if held is None or says_more(row) > says_more(held):
                seats[row["userid"]] = row
        return [
            seat
            for seat in seats.values()
            if seat["active"] and (seat["enrolled_date"] or seat["enrolleddate"])
        ]

    def row(self, seat, course, course_id):
        user = self.users.get(seat["userid"], {})
        done = {node for node, status in (seat["contentstatus"] or {}).items() if status == 2}
        counts = self.counts(seat)
        scores = self.scores(seat, course, course_id)
        progress = (
            100 if seat["completedon"] else half_up(done & course.mandatory, course.mandatory)
        )
        own = [
            self.external_id(user),
            seat["userid"],
            " ".join(name for name in names_of(user) if name),
            self.masked_email(user.get("email")),
            self.masked_mobile(user.get("phone")),
            user.get("orgname") or "",
            *(user.get(name) or "" for name in ("district", "schoolname", "block")),
            enrolled_on(seat),
            str(progress),
            in_india(seat["completedon"]),
        ]
        modules = [
            half_up(done & nodes, nodes)
            if seat["contentstatus"]
            else half_up(range(counts.get(module, 0)), nodes)
            for module, nodes in course.modules.items()
        ]
        per_test = [share(*scores[test]) if test in scores else "" for test in course.tests]
        total = [sum(parts) for parts in zip(*scores.values(), strict=True)] or [0, 0]
        return [guarded(str(cell)) for cell in [*own, *modules, *per_test, share(*total)]]

    def counts(self, seat):
        """The platform's count of completed contents per nested collection."""
        counted = {}
        for row in self.activity.get((f"cb:{seat['batchid']}", seat["userid"]), []):
            completed = aggregates(row).get("completedCount")
            if row["activity_type"] == "Course" and completed is not None:
                counted[row["activity_id"]] = int(completed)
        return counted

    def scores(self, seat, course, course_id):
        """(points, maximum) of the best attempt per assessment of the course."""
        best = {}
        for attempt in self.attempts.get((seat["batchid"], seat["userid"]), []):
            points, maximum = points_of(attempt)
            test = attempt["content_id"]
            if not (attempt["attempt_id"] and attempt["course_id"] == course_id and maximum):
                continue
            rank = (min(points / maximum, 1), attempt["last_attempted_on"])
            if test in course.tests and (test not in best or rank > best[test][0]):
                best[test] = (rank, (points, maximum))
        found = {test: points for test, (_, points) in best.items()}
        for row in self.activity.get((f"cb:{seat['batchid']}", seat["userid"]), []):
            held = aggregates(row)
            for test in course.tests if row["activity_id"] == course_id else ():
                points, maximum = held.get(f"score:{test}"), held.get(f"max_score:{test}")
                if test not in found and points is not None and maximum:
                    found[test] = (exact(points), exact(maximum))
        return found

    def external_id(self, user):
        names = {(user.get(name) or "").lower() for name in ("channel", "rootorgid")} - {""}
        own = [
            (row["idtype"].lower() != row["provider"].lower(), row["externalid"], row)
            for row in self.identities.get((user.get("userid"),), [])
            if user and row["provider"].lower() in names
        ]
        if not own:
            return ""
        chosen = min(own, key=lambda found: found[:2])[2]
        return chosen["originalexternalid"] or chosen["externalid"]

    def masked_email(self, sealed):
        plain = sealed if sealed and "@" in sealed else self.opened(sealed)
        name, _, domain = plain.partition("@")
        return f"{name[:2]}{STARS}@{domain}" if domain else ""

    def masked_mobile(self, sealed):
        plain = self.opened(sealed)
        return STARS + plain[-4:] if plain else ""

    def opened(self, sealed):
        """The plain text; empty where it does not open."""
        text = sealed or ""
        try:
            for _ in range(ROUNDS if text else 0):
                opener = Cipher(algorithms.AES(self.key.encode()), modes.ECB()).decryptor()  # noqa: S305
                whole = opener.update(base64.b64decode(text)) + opener.finalize()
                plain = whole[: -whole[-1]].decode()
                assert plain.startswith(self.salt)
                text = plain.removeprefix(self.salt)
        except (ValueError, AssertionError):
            return ""
        return text


class Course:
    """A hierarchy's mandatory contents, nested courses and assessments, in course order."""

    def __init__(self, row):
        tree = json.loads(row["hierarchy"])
        optional = set(row["optionalnodes"] or [])
        self.mandatory = set(tree["leafNodes"]) - optional
        self.modules = {
            child["identifier"]: set(child["leafNodes"]) - optional
            for child in children(tree)
            if (child["contentType"], child["visibility"]) == ("Course", "Default")
            and child["mimeType"].endswith("content-collection")
        }
        self.tests = [node["identifier"] for node in below(tree) if is_test(node)]


def children(node):
    return sorted(node.get("children", []), key=lambda child: child["index"])


def below(node):
    return [node] + [found for child in children(node) for found in below(child)]


def is_test(node):
    kind = (node["objectType"], node["primaryCategory"])
    return node["contentType"] == "SelfAssess" or kind == ("QuestionSet", "Practice Question Set")


def says_more(row):
    return bool(row["active"]), bool(row["completedon"]), len(row["contentstatus"] or {})


def aggregates(row):
    """Counts and scores of both columns; JSON, or as Cassandra prints a map."""
    texts = (row["agg"] or "{}", row["aggregates"] or "{}")
    old, new = (ast.literal_eval(t) if isinstance(t, str) else t for t in texts)
    return old | new


def exact(number):
    """As it was written: 0.1 is a tenth. What binary addition left behind is no point."""
    return Fraction(str(round(number, 6)))


def points_of(attempt):
    if attempt["total_score"] is None and attempt["grand_total"]:
        return tuple(Fraction(part) for part in attempt["grand_total"].split("/"))
    return exact(attempt["total_score"]), exact(attempt["total_max_score"])


def half_up(done, whole):
    return min(100, int(Fraction(100 * len(done), len(whole)) + Fraction(1, 2))) if whole else 0


def share(points, maximum):
    return f"{min(100, ceil(100 * Fraction(points) / maximum))}%" if maximum else ""


def enrolled_on(seat):
    if seat["enrolled_date"]:
        return in_india(seat["enrolled_date"])
    try:
        return in_india(datetime.strptime(seat["enrolleddate"], "%Y-%m-%d %H:%M:%S:%f%z"))
    except ValueError:
        return ""


def in_india(instant):
    if not instant:
        return ""
    whole = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return whole.astimezone(INDIA).strftime("%d/%m/%Y")


def guarded(cell):
    """A text that a spreadsheet would run is shown as text."""
    return f"'{cell}" if cell.strip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r") and cell else cell


def names_of(user):
    return [(user.get(name) or "").strip(" ") for name in ("firstname", "lastname")]
