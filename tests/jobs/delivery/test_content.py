"""What a mentor reads: numbers first, every question answered, in the reader's language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from jobs.contracts.protection import PASSWORD, PLAIN, PUBLIC_KEY, SECURITY_LEVELS, TEXT_KEY
from jobs.delivery.facts import Attachment, ColumnFacts, NoticeFacts
from jobs.delivery.wording import Wording
from jobs.exhausts.layout import module_columns
from tests.jobs.delivery.letters import COLUMNS, ID, answer, batch, html, mail, text


def test_everybody_left_out_is_counted_and_explained():
    facts = answer(
        batch(
            left_out={
                "left_batch": 1312,
                "no_enrolment_date": 1,
                "other_organisation": 2,
                "new": 1,
            },
            unknown_learners=7,
            undecryptable={"email": 3, "phone": 1},
            quarantined={"duplicate": 12, "missing_userid": 1},
            notes=["no_leaf_nodes"],
        ),
        unknown_batches=["013999"],
        retired_batches=["014000"],
    )
    message = mail(facts)
    told = [line[2:] for line in text(message).splitlines() if line.startswith("- ")]
    assert told[:12] == [
        "1,312 learners left the batch and are not in the file.",
        "1 learner is not in the file (new).",
        "1 learner has no enrolment date and is not in the file.",
        "2 learners belong to another organisation and are not in the file.",
        "7 learners have no user account any more: in the file with the User ID and progress, the"
        " other details blank.",
        "3 e-mail addresses could not be read and are blank.",
        "1 mobile number could not be read and is blank.",
        "12 repeated rows of the platform were dropped; the ones that say most count.",
        "1 row of the platform could not be used (missing userid). The platform's team can see it.",
        "The course has no contents that count, so its learners stand at 0 percent.",
        "The batch 013999 does not exist on the platform.",
        "The course of the batch 014000 is retired.",
    ]
    page = html(message)
    assert all(sentence.replace("'", "&#39;") in page for sentence in told[:12])


def test_listed_rows_are_told_once_and_by_their_list():
    listed = batch(
        quarantined={"missing_userid": 1}, quarantine_rows=4, quarantine_file="quarantine_b1.csv"
    )
    page = text(mail(answer(listed)))
    assert "4 rows of the platform were not used: quarantine_b1.csv in the same archive" in page
    assert "missing userid" not in page


def test_a_column_of_a_part_is_explained_in_the_readers_language():
    [column] = module_columns({"modules": [{"id": "do_1", "name": "100% reading"}]})
    own = ColumnFacts(header=column.header, meaning=column.meaning, part=column.part)
    facts = answer(batch(columns=[*COLUMNS, own]))
    assert "Progress in “100% reading”, in percent" in text(mail(facts))
    assert "“100% reading” में प्रगति" in text(mail(facts, language="hi"))


def test_old_data_is_said_to_be_old():
    assert "older than usual" not in text(mail())
    assert "older than usual" in text(mail(answer(batch(is_stale=True))))
    assert "older than usual" in html(mail(answer(batch(is_stale=True))))


def test_plain_and_protected_files_are_opened_differently():
    plain, locked = text(mail()), text(mail(answer(batch(), is_protected=True)))
    assert "without a password" in plain
    assert "7-Zip" not in plain
    assert "the key that you gave" in locked
    assert "7-Zip or WinZip, on a phone with ZArchiver or RAR" in locked
    assert "shorten long IDs" in plain
    assert "shorten long IDs" in locked


def test_file_too_large_is_named_with_the_way_to_get_it():
    file = Attachment(key="k", file_name=batch().file_name, bytes=23_400_000, sha256="0" * 64)
    message = mail(attachments=[], too_large=[file])
    assert (
        "The file progress_maths_0130_2026-11-21.zip (23.4 MB) is too large to attach to a mail."
        " Ask your platform's team for it and name the request ID 9F86D081." in text(message)
    )
    assert "How to open" not in text(message)
    assert list(message.iter_attachments()) == []


def test_empty_batch_is_said_to_be_empty_and_has_no_chart():
    message = mail(answer(batch(enrolled=0, completed=0, in_progress=0, not_started=0)))
    assert "No learner is enrolled in this batch yet" in text(message)
    assert "No learner is enrolled in this batch yet" in html(message)
    assert "image/png" not in [part.get_content_type() for part in message.walk()]


def test_several_batches_have_a_block_and_a_chart_each_and_share_the_columns():
    own = [*COLUMNS, ColumnFacts(header="do_9 - Score", meaning="best attempt")]
    second = batch(batch_id="0131", batch_name="Cohort C", file_name="c.zip", columns=own)
    message = mail(answer(batch(), second))
    assert message["Subject"] == "Progress report: Teaching <Maths> & more – 2 batches, 21 Nov 2026"
    assert [part.get_content_type() for part in message.walk()].count("image/png") == 2
    assert text(message).count("Course Progress:") == 1
    assert "Further columns of Cohort C\n- do_9 - Score: best attempt" in text(message).replace(
        "\r\n", "\n"
    )


def test_failed_request_is_told_the_reason_and_what_to_do():
    facts = answer(reason="You are not a mentor of the batch 0130.", unknown_batches=["013999"])
    message = mail(facts, kind="exhaust_failed")
    assert message["Subject"] == "Progress report could not be made, 21 Nov 2026"
    for body in (text(message), html(message)):
        assert "You are not a mentor of the batch 0130." in body
        assert "ask for the file again in the portal" in body
        assert "you need do nothing" in body
        assert "Request ID: 9F86D081" in body
        assert "The batch 013999 does not exist" in body


def test_team_is_told_ids_and_reason():
    facts = NoticeFacts(delivery_id=ID, kind="exhaust_ready", request_id="9F86D081", reason="Full.")
    message = mail(facts, kind="team_notice")
    assert message["Subject"] == "A message could not be delivered (exhaust_ready)"
    for body in (text(message), html(message)):
        assert "Full." in body
        assert "9F86D081" in body


def test_mentor_reads_hindi_and_others_english():
    facts = answer(batch(left_out={"left_batch": 2}))
    message = mail(facts, language="hi")
    assert message["Subject"].startswith("प्रगति रिपोर्ट: ")
    assert "नामांकित: 1,00,000" in text(message)
    assert "2 शिक्षार्थियों ने बैच छोड़ दिया" in text(message)
    assert 'lang="hi"' in html(message)
    assert mail(language="xx")["Content-Language"] == "en"
    assert text(mail(language="xx")) == text(mail())


def test_day_is_the_reader_s_own():
    late = datetime(2026, 11, 21, 18, 45, tzinfo=UTC)
    assert Wording("en", ZoneInfo("Asia/Kolkata")).moment(late) == "22 Nov 2026, 00:15 IST"


def test_numbers_come_first_in_the_text_grouped_as_in_india():
    lines = [line for line in text(mail()).splitlines() if line]
    assert lines[2:7] == [
        "Enrolled: 1,00,000",
        "Completed: 62,000 (62%)",
        "In progress: 25,500 (26%)",
        "Not started: 12,500 (13%)",
        "Data as of 21 Nov 2026, 14:30 IST.",
    ]


def test_each_security_level_is_opened_in_its_own_way():
    told = {
        level: text(mail(answer(batch(), is_protected=True, security_levels=[level])))
        for level in SECURITY_LEVELS
    }
    assert "without a password" in told[PLAIN]
    assert "7-Zip" in told[PASSWORD]
    assert "age -d -o report.zip FILE" in told[TEXT_KEY]
    assert "age -d -i PRIVATE-KEY -o report.zip FILE" in told[PUBLIC_KEY]
    assert all("7-Zip" not in told[level] for level in (TEXT_KEY, PUBLIC_KEY))
    both = text(mail(answer(batch(), security_levels=[PUBLIC_KEY, PASSWORD])))
    assert 0 < both.index("7-Zip") < both.index("PRIVATE-KEY")


def test_reader_in_hindi_is_told_the_same_commands():
    facts = answer(batch(), security_levels=[TEXT_KEY, PUBLIC_KEY])
    told = " ".join(text(mail(facts, language="hi")).split())
    assert "age -d -o report.zip FILE" in told
    assert "age -d -i PRIVATE-KEY -o report.zip FILE" in told
    assert "निजी कुंजी" in told
