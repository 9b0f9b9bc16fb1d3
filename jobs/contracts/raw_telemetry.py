"""Sunbird's telemetry as it comes in: events of version 3, foldered by the day they arrived."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import TEXT, struct_of

PRODUCER = struct_of(id=TEXT, pid=TEXT, ver=TEXT)

TELEMETRY = Contract(
    name="telemetry",
    grain="one row per event; the same event can come several times",
    key=("mid",),
    source="folders yyyy-MM-dd of JSON lines (.gz too) or Parquet",
    fields=(
        Field("eid", TEXT, "what kind of event", required=True),
        Field("ets", TEXT, "when it happened, by the device's clock: milliseconds, also 1.57E12"),
        Field("syncts", TEXT, "when the platform took it, milliseconds"),
        Field("@timestamp", TEXT, "the same, ISO 8601: where `syncts` is not there"),
        Field("mid", TEXT, "the event", required=True),
        Field("uid", TEXT, "summary: who", personal=True),
        Field("actor", struct_of(id=TEXT, type=TEXT), "who; `System` for a search", personal=True),
        Field(
            "context",
            struct_of(
                channel=TEXT,
                env=TEXT,
                pdata=PRODUCER,
                sid=TEXT,
                did=TEXT,
                cdata=TEXT,
                date_range=struct_of(**{"from": TEXT}),
            ),
            "where it was sent from; `cdata` is a list of id and type",
        ),
        Field(
            "object",
            struct_of(id=TEXT, type=TEXT, rollup=struct_of(l1=TEXT)),
            "what it is about; `rollup.l1` is the textbook or course",
        ),
        Field(
            "edata",
            struct_of(
                id=TEXT,
                subtype=TEXT,
                pageid=TEXT,
                state=TEXT,
                size=TEXT,
                filters=TEXT,
                extra=TEXT,
                eks=struct_of(start_time=TEXT, time_spent=TEXT),
            ),
            "what happened; `filters.dialcodes` is a text or a list",
        ),
        Field(
            "dimensions",
            struct_of(did=TEXT, sid=TEXT, channel=TEXT, type=TEXT, mode=TEXT, pdata=PRODUCER),
            "summary: what it sums up",
        ),
        Field(
            "devicedata",
            struct_of(
                countrycode=TEXT,
                state=TEXT,
                userdeclared=struct_of(state=TEXT),
                uaspec=struct_of(system=TEXT),
            ),
            "what the platform knows of the device",
        ),
        Field("userdata", struct_of(state=TEXT), "what the platform knows of the user"),
        Field("dialcodedata", struct_of(channel=TEXT), "scan of one code: whose the code is"),
    ),
)
