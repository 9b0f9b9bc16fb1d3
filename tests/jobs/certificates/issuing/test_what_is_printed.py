"""What is printed where the signature or the name changed after the completion."""

import pytest

from jobs.certificates.issuers.job import IssuerOrder, update_issuer
from jobs.certificates.issuing.job import issue_approved
from tests.jobs.certificates.approval_fixtures import ASHA
from tests.jobs.certificates.ledger_fixtures import DAY, NOW
from tests.jobs.certificates.night_fixtures import COMPLETED, FIRST, NEXT, THIRD
from tests.jobs.certificates.papers import drawn, lines_of

# Above the signatory's line, in dots of half a point from the top left.
SIGNATURE = (160, 880, 520, 950)


@pytest.fixture
def page(ask, objects):
    """page("asha") -> the PDF that was issued to the learner."""

    def read(user_id):
        [(key,)] = ask(
            "SELECT pdf_key FROM operations.certificate_issued WHERE user_id = %s", user_id
        )
        return objects.read(key)

    return read


@pytest.fixture
def issue(night_settings, store, objects):
    return lambda now=NEXT: issue_approved(night_settings, store, objects, now=now)


@pytest.fixture
def approve_by_command(jobs, night_settings, store):
    """The command as an approver types it."""
    places = {"home": night_settings.home, "store_url": store.url}

    def approved(*options):
        return jobs("certificate", "approve", "--batch=b1", "--by=meena", *options, **places)

    return approved


def test_case_10_the_signature_of_the_completion_is_printed_unless_the_approver_names_another(
    platform_now, night, finding, version, approve_by_command, issue, page, store, objects,
    pictures, ask,
):  # fmt: skip
    names = {"asha": "Asha", "mira": "Mira", "joy": "Joy"}
    platform_now(learners=[ASHA | {"user_id": u, "user_name": name} for u, name in names.items()])
    night(FIRST, *(finding(user) for user in names))
    changed = IssuerOrder(
        "scert", "meena", "a new director", signatory="Ravi Kumar", designation="Director",
        signature=pictures / "ravi.png",
    )  # fmt: skip
    [new] = update_issuer(store, objects, changed, now=COMPLETED + DAY).begun

    kept = approve_by_command("--exclude=joy")
    overruled = approve_by_command(f"--issue-version={new['version_id']}", "--note=state order")
    issue()

    assert (kept.out, overruled.out) == ("result: 2 approved\n", "result: 1 approved\n")
    signed = {user: {"Asha Rao", "Ravi Kumar"} & set(lines_of(page(user))) for user in names}
    assert signed == {"asha": {"Asha Rao"}, "mira": {"Asha Rao"}, "joy": {"Ravi Kumar"}}
    pens = {user: drawn(page(user)).crop(SIGNATURE).tobytes() for user in names}
    assert pens["asha"] == pens["mira"] != pens["joy"]
    assert ask(
        "SELECT details ->> 'issue_version_id', asked_by FROM operations.audit_log"
        " WHERE event = 'certificate_approved' ORDER BY audit_id"
    ) == [(None, "meena"), (new["version_id"], "meena")]


def test_case_48_the_name_of_the_day_of_issue_is_printed_and_a_later_one_changes_no_page(
    platform_now, approve, night, finding, issue, page, states
):
    platform_now(learners=[ASHA])
    approve("asha")
    platform_now(learners=[ASHA | {"user_name": "Asha Verma"}], at=NOW + DAY)
    issue()
    issued = page("asha")

    platform_now(learners=[ASHA | {"user_name": "Asha Menon"}], at=NOW + 2 * DAY)
    night(THIRD, finding("asha"))

    assert "Asha Verma" in lines_of(issued)
    assert (issue(THIRD).issued, page("asha")) == (0, issued)
    assert states() == {"asha": "issued"}
