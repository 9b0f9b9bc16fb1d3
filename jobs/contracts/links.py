"""Links in mails to files that are too large for one, and how often each was opened."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, LONG, TEXT

LINK = Contract(
    name="link",
    grain="one row per file that is given out by a link",
    key=("link_sha256",),
    fields=(
        Field("link_sha256", TEXT, "the link's id, as a hash only", required=True),
        Field("object_key", TEXT, "the file, as a key in the object store", required=True),
        Field("file_name", TEXT, "the name that people see", required=True),
        Field("file_bytes", LONG, "its size", required=True),
        Field("delivery_id", TEXT, "the message that holds the link", required=True),
        Field("tag", TEXT, "the request that it answers"),
        Field("request_id", TEXT, "the request that it answers"),
        Field("recipient_role", TEXT, "who got it: requester, or a role", required=True),
        Field("created_at", INSTANT, "when first mailed", required=True),
        Field("expires_at", INSTANT, "until when it opens", required=True),
        Field("file_sha256", TEXT, "the file's hash: another file under its key is not opened"),
    ),
)

LINK_OPENING = Contract(
    name="link_opening",
    grain="one row per download that a link began",
    key=("opening_id",),
    fields=(
        Field("opening_id", LONG, "the opening", required=True),
        Field("link_sha256", TEXT, "the link's id, as a hash only", required=True),
        Field("opened_at", INSTANT, "when", required=True),
    ),
)

LINK_TABLES = {contract.name: contract for contract in (LINK, LINK_OPENING)}
