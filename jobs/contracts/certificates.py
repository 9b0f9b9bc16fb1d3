"""The ledger of certificate templates, the register of issuers, and the pictures of both.

A version in the ledger is never rewritten: it is opened once and closed once. It is surely active
from `valid_from` up to, not including, `valid_to`; between `unsure_since` and `valid_from`, and
between `valid_to` and `unsure_until`, nobody knows.
"""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, INSTANT, INTEGER, JSON, LONG, TEXT, list_of

COURSE, BATCH = "course", "batch"
SCOPES = (COURSE, BATCH)
COMPLETION, MERIT = "completion", "merit"
CERTIFICATE_TYPES = (COMPLETION, MERIT)
COMMAND, WATCHED, BASELINE = "command", "watched", "baseline"
ORIGINS = (COMMAND, WATCHED, BASELINE)
ARTWORK, SIGNATURE = "artwork", "signature"
ASSET_KINDS = (ARTWORK, SIGNATURE)

CERTIFICATE_ASSOCIATIONS = Contract(
    name="certificate_associations",
    grain="one row per version of a certificate template at a course or batch",
    key=("version_id",),
    source="`python -m jobs certificate`, and `course_batch.cert_templates` as watched",
    fields=(
        Field("version_id", TEXT, "the version", required=True),
        Field("scope", TEXT, "what it holds for", required=True, one_of=SCOPES),
        Field("course_id", TEXT, "the course", required=True),
        Field("tenant_id", TEXT, "the organisation whose batches have it; of a batch, its own"),
        Field("batch_id", TEXT, "the batch; NULL where it holds for the course"),
        Field("certificate_type", TEXT, "which one", required=True, one_of=CERTIFICATE_TYPES),
        Field(
            "slot",
            TEXT,
            "what is taken by one version at a time: the scope and the type, and of a watched one"
            " the template, because a platform can have two",
            required=True,
        ),
        Field("template_id", TEXT, "the template", required=True),
        Field("template_name", TEXT, "its name: the platform knows a certificate by it"),
        Field("template_description", TEXT, "what it is given for, in a sentence"),
        Field("artwork_key", TEXT, "its picture, as a key in the object store; NULL: none is kept"),
        Field("artwork_url", TEXT, "where the platform has its picture, as it was written"),
        Field("issuer_id", TEXT, "who issues it, in the register; NULL where only watched"),
        Field("issuer_name", TEXT, "who issues it"),
        Field("issuer_url", TEXT, "the issuer's page"),
        Field("issuer_email", TEXT, "the issuer's public address"),
        Field("signatory_name", TEXT, "who signs; NULL where nobody does"),
        Field("signatory_designation", TEXT, "the signatory's office"),
        Field("signature_key", TEXT, "the signature's picture, as a key in the object store"),
        Field("signature_url", TEXT, "where the platform has it, as it was written"),
        Field("rule", JSON, "who earns it, in the normal form; NULL where it cannot be used"),
        Field("rule_text", TEXT, "the rule as it was given"),
        Field("rule_problem", TEXT, "why the rule cannot be used; NULL where it can"),
        Field("flags", list_of(TEXT), "what a person should look at, as codes", required=True),
        Field("origin", TEXT, "where it was learnt from", required=True, one_of=ORIGINS),
        Field("fingerprint", TEXT, "differs where the platform's template does"),
        Field("valid_from", INSTANT, "surely active from then", required=True),
        Field("valid_to", INSTANT, "surely active before then; NULL while it is"),
        Field("unsure_since", INSTANT, "perhaps active from then; NULL where that is known"),
        Field("unsure_until", INSTANT, "perhaps active before then; NULL where that is known"),
        Field("opened_at", INSTANT, "when it was written", required=True),
        Field("opened_by", TEXT, "who asked for it", required=True, personal=True),
        Field("reason", TEXT, "why"),
        Field("closed_at", INSTANT, "when its end was written"),
        Field("closed_by", TEXT, "who asked for its end", personal=True),
        Field("close_reason", TEXT, "why it ended"),
    ),
)

CERTIFICATE_ISSUERS = Contract(
    name="certificate_issuers",
    grain="one row per issuer as it is now; the ledger keeps what was",
    key=("issuer_id",),
    fields=(
        Field("issuer_id", TEXT, "the issuer", required=True),
        Field("tenant_id", TEXT, "the organisation of the state that it belongs to", required=True),
        Field("issuer_name", TEXT, "the body that issues", required=True),
        Field("issuer_url", TEXT, "its page"),
        Field("issuer_email", TEXT, "its public address"),
        Field("signatory_name", TEXT, "who signs for it; NULL where nobody does"),
        Field("signatory_designation", TEXT, "the signatory's office"),
        Field("signature_key", TEXT, "the signature's picture, as a key in the object store"),
        Field("added_at", INSTANT, "when it was added", required=True),
        Field("updated_at", INSTANT, "when it was last changed", required=True),
        Field("updated_by", TEXT, "who changed it", required=True, personal=True),
    ),
)

CERTIFICATE_ASSETS = Contract(
    name="certificate_assets",
    grain="one row per picture that is kept, by the hash of its bytes",
    key=("object_key",),
    fields=(
        Field("object_key", TEXT, "the picture, as a key in the object store", required=True),
        Field("kind", TEXT, "what it is for", required=True, one_of=ASSET_KINDS),
        Field("sha256", TEXT, "the hash of what is kept", required=True),
        Field("width", INTEGER, "its width in pixels", required=True),
        Field("height", INTEGER, "its height in pixels", required=True),
        Field("byte_count", LONG, "its size", required=True),
        Field("source_sha256", TEXT, "the hash of what was given", required=True),
        Field("source_byte_count", LONG, "the size of what was given", required=True),
        Field("added_at", INSTANT, "when", required=True),
    ),
)

CERTIFICATE_WATCHES = Contract(
    name="certificate_watches",
    grain="one row per look at the templates of a live platform",
    key=("watched_as_of",),
    source="batches",
    fields=(
        Field("watched_as_of", INSTANT, "the age of the batch table looked at", required=True),
        Field("snapshot_id", TEXT, "the version of it", required=True),
        Field("is_baseline", BOOLEAN, "whether it opened the ledger", required=True),
        Field("baseline_at", INSTANT, "since when its templates are agreed to have been there"),
        Field("opened_count", INTEGER, "versions opened", required=True),
        Field("closed_count", INTEGER, "versions closed", required=True),
        Field("written_at", INSTANT, "when it was written", required=True),
    ),
)

CERTIFICATE_TABLES = {
    contract.name: contract
    for contract in (
        CERTIFICATE_ASSOCIATIONS,
        CERTIFICATE_ISSUERS,
        CERTIFICATE_ASSETS,
        CERTIFICATE_WATCHES,
    )
}
