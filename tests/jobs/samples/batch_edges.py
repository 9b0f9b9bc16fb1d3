"""Whether the edges of batches' dates and statuses are in the small Sunbird."""

from collections.abc import Callable
from datetime import UTC, datetime

from jobs.certificates.ledger import name_key
from jobs.certificates.rules.conversion import converted
from jobs.errors import RequestError
from jobs.samples.edges import Edge
from tests.jobs.samples.raw_lake import Lake

TODAY = datetime(2026, 11, 21, 10, 0, tzinfo=UTC).date().isoformat()


def has_ended_and_runs(lake: Lake) -> bool:
    batch = lake.batch_of(Edge.BATCH_STATUS_BEHIND)
    return batch["status"] == 1 and batch["enddate"] < TODAY


def runs_before_its_first_day(lake: Lake) -> bool:
    batch = lake.batch_of(Edge.BATCH_START_MOVED)
    return batch["status"] == 1 and batch["startdate"] > TODAY


def has_no_first_day(lake: Lake) -> bool:
    batch = lake.batch_of(Edge.BATCH_WITHOUT_START)
    return batch["startdate"] is None and batch["start_date"] is None


def templates(lake: Lake, edge: Edge) -> list[dict[str, str]]:
    return [dict(template) for _, template in lake.batch_of(edge)["cert_templates"]]


def rules(lake: Lake, edge: Edge) -> list[str]:
    """What each rule comes to, or what is wrong with it."""
    return [rule_of(template["criteria"]) for template in templates(lake, edge)]


def rule_of(criteria: str) -> str:
    try:
        return str(converted(criteria, tenant_id=None).rule)
    except RequestError as error:
        return str(error)


def has_no_artwork(lake: Lake) -> bool:
    [template] = templates(lake, Edge.TEMPLATE_WITHOUT_ARTWORK)
    return "url" not in template and "previewUrl" in template


def have_one_name(lake: Lake) -> bool:
    names = [one["name"] for one in templates(lake, Edge.TEMPLATES_OF_ONE_NAME)]
    return len({*names}) == 2 and len({name_key(name) for name in names}) == 1


def refuses(edge: Edge, problem: str) -> Callable[[Lake], bool]:
    return lambda lake: problem in rules(lake, edge)[0]


TEMPLATE_EDGES: dict[Edge, Callable[[Lake], bool]] = {
    Edge.TEMPLATE_RULE_AS_LIST: lambda k: (
        rules(k, Edge.TEMPLATE_RULE_AS_LIST) == ["status = 2", "status = 2 AND top 5"]
    ),
    Edge.TEMPLATE_STATUS_AS_TEXT: lambda k: (
        rules(k, Edge.TEMPLATE_STATUS_AS_TEXT) == ["status = 2"]
        and '"2"' in templates(k, Edge.TEMPLATE_STATUS_AS_TEXT)[0]["criteria"]
    ),
    Edge.TEMPLATE_SCORE_BARE: lambda k: rules(k, Edge.TEMPLATE_SCORE_BARE) == ["score = 80"],
    Edge.TEMPLATE_CHANNEL_OF_TWO: refuses(Edge.TEMPLATE_CHANNEL_OF_TWO, "not exactly one"),
    Edge.TEMPLATE_RULE_EMPTY: refuses(Edge.TEMPLATE_RULE_EMPTY, "the rule is empty"),
    Edge.TEMPLATE_RULE_TORN: refuses(Edge.TEMPLATE_RULE_TORN, "not JSON"),
    Edge.TEMPLATE_RULE_OF_UNKNOWN_KEY: refuses(
        Edge.TEMPLATE_RULE_OF_UNKNOWN_KEY, "`score` is no section"
    ),
    Edge.TEMPLATE_WITHOUT_ARTWORK: has_no_artwork,
    Edge.TEMPLATES_OF_ONE_NAME: have_one_name,
}

BATCH_EDGES: dict[Edge, Callable[[Lake], bool]] = {
    Edge.BATCH_STATUS_BEHIND: has_ended_and_runs,
    Edge.BATCH_STATUS_MISSING: lambda k: k.batch_of(Edge.BATCH_STATUS_MISSING)["status"] is None,
    Edge.BATCH_START_MOVED: runs_before_its_first_day,
    Edge.BATCH_WITHOUT_START: has_no_first_day,
} | TEMPLATE_EDGES
