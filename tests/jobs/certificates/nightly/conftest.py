"""One night for all cases that are run: `found` is what it said of a test's own."""

import pytest

from tests.jobs.certificates.nightly.night import night_of


@pytest.fixture(scope="session")
def whole_night(spark, request):
    cases = [item.function.case for item in request.session.items if hasattr(item.function, "case")]
    return night_of(spark, cases)


@pytest.fixture
def found(request, whole_night):
    """What the night found of the case that the test draws."""
    return whole_night(request.function.case.number)
