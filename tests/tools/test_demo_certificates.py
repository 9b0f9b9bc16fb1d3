"""What the demo says of certificates."""

from datetime import UTC, datetime

from tools.demo_certificates import certificate_lines

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_states_are_told_with_the_reason_where_it_is_not_the_usual_one(store, objects):
    with store.transaction() as connection:
        for user_id, state, reason in (
            ("a", "new", "earned"), ("b", "new", "earned"), ("c", "held", "no_name"),
        ):  # fmt: skip
            connection.execute(
                "INSERT INTO operations.missed_certificate (user_id, course_id, batch_id,"
                " template_id, version_id, certificate_type, completed_at, state, reason, flags,"
                " first_seen_at, first_seen_on, last_seen_at, source)"
                " VALUES (%s, 'c', 'b', 't', 'v', 'completion', %s, %s, %s, '{}', %s, %s, %s,"
                " 'nightly')",
                [user_id, AT, state, reason, AT, AT.date(), AT],
            )

    assert certificate_lines(store, objects) == ["1 held: no_name", "2 new"]
