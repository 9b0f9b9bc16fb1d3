"""What an event is, if it is counted at all: the filters of each measure."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.contracts.usage_events import (
    CERTIFICATE_CLICK,
    CONTENT_DOWNLOAD,
    EXHAUST_REQUEST,
    MOBILE_WEB,
    PLATFORMS,
    PLAY,
    PORTAL,
    PORTAL_UNKNOWN,
    PROGRESS_REPORT,
    REPORT_CLICK,
    SCAN,
    SCORE_REPORT,
    SESSION,
    SUMMARY_REPORT,
)
from jobs.usage.events.leaves import Leaves

SEARCH, INTERACT, SUMMARY, AUDIT = "SEARCH", "INTERACT", "ME_WORKFLOW_SUMMARY", "AUDIT"

# A click of one's own certificate, and the portal's of somebody else's.
OWN_CERTIFICATE, OTHERS_CERTIFICATE = (
    "profile-download-certificate",
    "profile-download-others-certificate",
)
APP_CERTIFICATE = "download-certificate-clicked"
CONTENT_DOWNLOADED = "ContentDownload-Success"


def kind(leaves: Leaves) -> Column:
    """The kind of an event; NULL where nobody counts it."""
    eid, subtype = leaves.text("eid"), leaves.text("edata/subtype")
    of, mode = leaves.text("dimensions/type"), leaves.text("dimensions/mode")
    by_desktop = (leaves.text("context/env") == "downloadManager") & (
        leaves.text("edata/state") == "COMPLETED"
    )
    summary = F.when((of == "content") & (mode == "play"), PLAY).when(of == "app", SESSION)
    interaction = (
        F.when((subtype == CONTENT_DOWNLOADED) | by_desktop, CONTENT_DOWNLOAD)
        .when(
            (subtype == APP_CERTIFICATE)
            | leaves.text("edata/id").isin(OWN_CERTIFICATE, OTHERS_CERTIFICATE),
            CERTIFICATE_CLICK,
        )
        .when(report(leaves).isNotNull(), REPORT_CLICK)
    )
    return (
        F.when(eid == SUMMARY, summary)
        .when(eid == INTERACT, interaction)
        .when((eid == SEARCH) & has_codes(leaves), SCAN)
        .when((eid == AUDIT) & by_desktop, CONTENT_DOWNLOAD)
    )


def report(leaves: Leaves) -> Column:
    """The report that was clicked; `download` is the name of other buttons too."""
    button, page = leaves.text("edata/id"), leaves.text("edata/pageid")
    return (
        F.when((button == "download") & (page == "course-progress-dashboard"), PROGRESS_REPORT)
        .when(button == "download-progress-report", PROGRESS_REPORT)
        .when(button == "download-score-report", SCORE_REPORT)
        .when((button == "download-summary-report") & (page == "summary-report"), SUMMARY_REPORT)
        .when(
            (page == "on-demand-reports") & F.endswith(button, F.lit("-exhaust")), EXHAUST_REQUEST
        )
    )


def asked(leaves: Leaves) -> tuple[Column, Column]:
    """The codes as the search has them, under the filter's name and under its misspelling."""
    if "edata/filters" in leaves.schema.fieldNames():
        filters = leaves.text("edata/filters")
        return F.get_json_object(filters, "$.dialcodes"), F.get_json_object(filters, "$.dialCodes")
    return leaves.text("edata/filters/dialcodes"), leaves.text("edata/filters/dialCodes")


def has_codes(leaves: Leaves) -> Column:
    """Whether a search names a code: not an empty text, nor a list of nothing but such."""
    return F.coalesce(F.translate(bare(leaves), ", \t", "") != "", F.lit(False))


def codes(bare: Column) -> Column:
    """The QR codes of a text with commas between: trimmed, in capitals, each once."""
    # No code has a comma; functions that take a list apart by a rule are several times slower.
    several = F.split(F.upper(F.trim(bare)), "[ \t]*,[ \t]*")
    return F.array_remove(F.array_distinct(several), "")


def bare(leaves: Leaves) -> Column:
    """The codes with commas between, without the signs of a JSON list."""
    told = F.translate(F.coalesce(*asked(leaves)), '[]"', "")
    return F.replace(told, F.lit("null"), F.lit(""))


def is_looked_up(leaves: Leaves) -> Column:
    """Whether the service knew the codes as a filter: misspelt, it found all there is."""
    return asked(leaves)[0].isNotNull()


def platform(producer: Column) -> Column:
    """The product that sent it, by the end of its id."""
    product = F.lower(F.substring_index(producer, ".", -1))
    return F.when(product.isin(*PLATFORMS), product)


def client(platform: Column, device: Column, system: Column) -> Column:
    """The platform, and a portal by the device that it says, else by its browser's system."""
    told, runs = F.lower(device), F.lower(system)
    of_portal = (
        F.when(told.isin("mobile", "tab"), MOBILE_WEB)
        .when(told == "desktop", PORTAL)
        .when(F.contains(runs, F.lit("android")) | F.contains(runs, F.lit("ios")), MOBILE_WEB)
        .when(runs.isNotNull() & (runs != ""), PORTAL)
        .otherwise(PORTAL_UNKNOWN)
    )
    return F.when(platform == PORTAL, of_portal).otherwise(platform)
