"""A small platform whose learners were asked whether their details may be shared."""

from datetime import UTC, date, timedelta

from jobs.contracts.consents import CONSENTS, PLATFORM_SETTINGS
from jobs.delivery.job import run_deliver
from jobs.storage.mail import open_mail
from tests.jobs.exhausts.small_platform import (
    DATA_AS_OF,
    NOW,
    Platform,
    batch,
    course,
    learner,
    member_of,
    person,
    rows_of,
    sealed,
)

KEY = "correct horse battery"
GIVEN = NOW - timedelta(days=10)
ENDS = NOW + timedelta(days=90)
ADULT = date(1990, 5, 17)
CHILD = date(2012, 5, 17)


def consent(user_id, status="active", **values):
    return {
        "object_id": "do_1", "user_id": user_id, "consumer_id": "up", "status": status,
        "expires_at": ENDS, "updated_at": GIVEN, **values,
    }  # fmt: skip


def adult(user_id, batch_id="b1", **values):
    return learner(
        user_id, batch_id, user_name=user_id.title(), born_on=ADULT, user_type="teacher",
        account_status=1, email_cipher=sealed(f"{user_id}@example.org"),
        phone_cipher=sealed("9876543210"), **values,
    )  # fmt: skip


class PersonalPlatform(Platform):
    """What happens to requests for learners' details."""

    kind = "userinfo-exhaust"

    def agree(self, *consents, custodian="custodian", data_as_of=DATA_AS_OF):
        """Publish the consents; a second time, newer ones."""
        self.publish_rows(CONSENTS, list(consents), data_as_of=data_as_of)
        settings = [{"setting_id": "custodianOrgId", "value": custodian}] if custodian else []
        self.publish_rows(PLATFORM_SETTINGS, settings, data_as_of=data_as_of)

    def withdraw(self, user_id, *, at, consumer_id=None, object_id=None):
        self.change(
            "INSERT INTO operations.consent_withdrawal"
            " (user_id, consumer_id, object_id, withdrawn_at, recorded_by)"
            " VALUES (%s, %s, %s, %s, 'test')",
            user_id, consumer_id, object_id, at,
        )  # fmt: skip

    def ask(self, *batch_ids, **values):
        return super().ask(*batch_ids, **{"key": KEY, **values})

    def send(self, now=NOW, carrier=None):
        return run_deliver(
            self.settings, self.store, self.objects, carrier or open_mail(self.settings), now
        )

    def rows(self, request_id, key=KEY):
        return rows_of(member_of(self.archive(request_id), key))

    def learners(self, request_id, key=KEY):
        return [row["User UUID"] for row in self.rows(request_id, key)]

    def letters(self):
        folder = self.settings.mailbox
        return sorted(folder.glob("*.eml")) if folder.is_dir() else []

    def files(self):
        return sorted(self.objects.root.rglob("*.zip"))


def filled(platform, learners, consents, *, data_as_of=DATA_AS_OF):
    """The platform with one batch of these learners."""
    platform.hold(
        progress=learners,
        batches=[batch("b1", mentors=["keeper"]), batch("b-silent", "do_s")],
        courses=[course("do_1", user_consent="Yes"), course("do_s", user_consent="No")],
        people=[
            person("asha"),
            person("keeper", root_org_id="custodian", channel="custodian-channel"),
        ],
    )
    platform.agree(*consents, data_as_of=data_as_of)
    return platform


__all__ = [
    "ADULT", "CHILD", "ENDS", "GIVEN", "KEY", "NOW", "UTC", "PersonalPlatform", "adult",
    "consent", "filled",
]  # fmt: skip
