"""What the tests of certificates share."""

from tests.jobs.certificates.approval_fixtures import (  # noqa: F401 -- fixtures
    approve,
    platform_now,
)
from tests.jobs.certificates.ledger_fixtures import (  # noqa: F401 -- fixtures
    attached,
    order,
    pictures,
    platform,
    register,
)
from tests.jobs.certificates.night_fixtures import (  # noqa: F401 -- fixtures
    finding,
    night,
    night_settings,
    stage_night,
    states,
    version,
)
