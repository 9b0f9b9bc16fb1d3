"""Makes fifty learners of the small Sunbird into canaries, in its raw tables."""

from datetime import UTC, datetime, timedelta

from jobs.samples import batches, places
from jobs.samples.people import consent_row
from jobs.samples.writer import write_table
from jobs.sources.cipher import encrypt
from tests.canary.strings import CANARIES
from tests.end_to_end.raw_files import raw_rows

# The others have none, so no file with addresses may hold them.
AGREE = 30


class Chance:
    """What the samples draw: nobody of the fifty withdraws."""

    def integers(self, *_):
        return 1

    def random(self):
        return 0.0


def plant(settings):
    """The ciphertexts of the fifty, who learn in the big batch from now on."""
    lake = settings.lake
    key, salt = settings.platform_secrets()
    learners = learners_of(lake, batches.BIG.batch_id)[: len(CANARIES)]
    known = dict(zip(learners, CANARIES, strict=True))
    users = raw_rows(lake, "users")
    sealed = []
    for user in users:
        if canary := known.get(user["userid"]):
            email, phone = (
                encrypt(text, key=key, salt=salt) for text in (canary.email, canary.phone)
            )
            user |= {"firstname": canary.first, "lastname": canary.last, "status": 1,
                     "username": canary.email, "email": email, "phone": phone}  # fmt: skip
            sealed += [email, phone]
    write_table(lake / "users", "users", users)
    ids = [row for row in raw_rows(lake, "usr_external_identity") if row["userid"] not in known]
    ids += [external_id(user, canary) for user, canary in known.items()]
    write_table(lake / "usr_external_identity", "usr_external_identity", ids)
    consents = [row for row in raw_rows(lake, "user_consent") if row["user_id"] not in known]
    given = datetime.now(UTC) - timedelta(days=1)
    consents += [consent_row(Chance(), user, given) for user in learners[:AGREE]]
    write_table(lake / "user_consent", "user_consent", consents)
    return tuple(text.encode() for text in sealed)


def learners_of(lake, batch_id):
    """Adults of the batch's own tenant, whom it still has."""
    tenant = {
        user["userid"]
        for user in raw_rows(lake, "users")
        if user["rootorgid"] == places.NORTH.org_id and user["usertype"] == "teacher"
    }
    return sorted(
        {
            row["userid"]
            for row in raw_rows(lake, "user_enrolments")
            if row["batchid"] == batch_id and row["active"] and row["userid"] in tenant
        }
    )


def external_id(user_id, canary):
    return {
        "userid": user_id,
        "externalid": canary.external_id.lower(),
        "provider": places.NORTH.channel,
        "idtype": places.NORTH.channel,
        "originalexternalid": canary.external_id,
    }
