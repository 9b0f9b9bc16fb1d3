"""The edges that have a module of their own, together."""

from tests.jobs.samples.answer_edges import ANSWER_EDGES
from tests.jobs.samples.batch_edges import BATCH_EDGES
from tests.jobs.samples.certificate_edges import CERTIFICATE_EDGES
from tests.jobs.samples.consent_edges import CONSENT_EDGES
from tests.jobs.samples.group_edges import GROUP_EDGES
from tests.jobs.samples.telemetry_edges import TELEMETRY_EDGES

MORE_EDGES = (
    BATCH_EDGES | ANSWER_EDGES | CONSENT_EDGES | CERTIFICATE_EDGES | GROUP_EDGES | TELEMETRY_EDGES
)
