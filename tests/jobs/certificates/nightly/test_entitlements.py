"""Leaving out early who has the only certificate changes nothing of what is looked at."""

from jobs.certificates.entitlements import entitlements
from jobs.certificates.offers import batch_offers, course_offers, versions
from jobs.certificates.reconciliation import needs_a_look
from tests.jobs.certificates.nightly import test_issued_already as issued
from tests.jobs.certificates.nightly import test_scored as scored
from tests.jobs.certificates.nightly import test_versions as since
from tests.jobs.certificates.nightly.night import AS_OF, frames_of

CASES = [
    test.case
    for module in (issued, since, scored)
    for name, test in vars(module).items()
    if name.startswith("test_case_") and test.case.number in {4, 20, 21, 22, 23, 24, 25, 70}
]


def test_who_has_the_only_certificate_is_left_out_early_and_nobody_else(spark):
    frames = frames_of(spark, CASES)
    offered = versions(frames["associations"])
    offers = batch_offers(offered, frames["batches"]), course_offers(offered)

    def looked_at(*, keeps_issued):
        rows = entitlements(
            frames["enrolments"], *offers, as_of=AS_OF, keeps_issued=keeps_issued
        ).where(needs_a_look())
        return {
            (row.batch_id, row.user_id, row.version_id, row.is_issued) for row in rows.collect()
        }

    some = looked_at(keeps_issued=False)

    assert len(CASES) == 8
    assert some == looked_at(keeps_issued=True)
    assert {user for _, user, _, _ in some} >= {"21-ravi", "25-asha", "70-asha"}
