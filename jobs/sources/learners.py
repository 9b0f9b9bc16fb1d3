"""Learners: one row per user with the state's own id of them, from Sunbird's user tables."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw import ORGANISATION, USERS, USR_EXTERNAL_IDENTITY
from jobs.sources.raw import Refined, typed, unusable, usable


def learners(users: DataFrame, external_identities: DataFrame, organisations: DataFrame) -> Refined:
    """`users` is a typed table, with e-mail and phone under the platform's cipher already."""
    identities = typed(external_identities, USR_EXTERNAL_IDENTITY)
    tenants = usable(typed(organisations, ORGANISATION)).groupBy(F.col("id").alias("rootorgid"))

    with_tenant = usable(users).join(
        tenants.agg(F.max("orgname").alias("tenant_name")), on="rootorgid", how="left"
    )
    with_identity = with_tenant.join(
        own_external_ids(usable(users), usable(identities)), on="userid", how="left"
    )

    renamed = with_identity.select(
        F.col("userid").alias("user_id"),
        _text(F.concat_ws(" ", _text(F.trim("firstname")), _text(F.trim("lastname")))).alias(
            "user_name"
        ),
        _text(F.col("email")).alias("email_cipher"),
        _text(F.col("phone")).alias("phone_cipher"),
        "external_id",
        F.col("rootorgid").alias("root_org_id"),
        "channel",
        F.coalesce(_text(F.col("orgname")), F.col("tenant_name")).alias("org_name"),
        *(_text(F.col(name)).alias(name) for name in ("state", "district", "block", "cluster")),
        _text(F.col("schooludisecode")).alias("school_id"),
        _text(F.col("schoolname")).alias("school_name"),
        _first_of_list(F.col("board")).alias("board"),
        F.col("usertype").alias("user_type"),
        F.col("usersubtype").alias("user_sub_type"),
        # Only a status that says otherwise takes an account's rights away.
        (F.coalesce("status", F.lit(1)) == 1).alias("is_active"),
        F.coalesce("status", F.lit(1)).alias("account_status"),
        F.transform(
            "roles",
            lambda held: F.struct(
                held["role"].alias("role"),
                F.transform(held["scope"], lambda scope: scope["organisationId"]).alias(
                    "organisation_ids"
                ),
            ),
        ).alias("roles"),
        "language",
        _day(F.col("dob")).alias("born_on"),
    )

    return Refined(
        renamed,
        best_first=[
            F.col("is_active").desc(),
            F.col("user_name").asc_nulls_last(),
            F.xxhash64("email_cipher", "phone_cipher", "school_name").asc(),
        ],
        kept_out={
            USERS.name: unusable(users),
            USR_EXTERNAL_IDENTITY.name: unusable(identities),
        },
    )


def own_external_ids(users: DataFrame, identities: DataFrame) -> DataFrame:
    """(userid, external_id): the id that the learner's own tenant gave; none where it gave none."""
    tenants = users.select("userid", "channel", "rootorgid")
    own = identities.join(tenants, on="userid", how="inner").where(
        F.lower("provider").isin(F.lower("channel"), F.lower("rootorgid"))
    )
    # Of several, the one whose type is the provider itself, then the smallest.
    of_provider = F.coalesce(F.lower("idtype") == F.lower("provider"), F.lit(False))
    choice = F.struct(
        F.when(of_provider, 0).otherwise(1),
        "externalid",
        F.coalesce("originalexternalid", "externalid").alias("shown"),
    )
    return own.groupBy("userid").agg(F.min(choice)["shown"].alias("external_id"))


def _text(column: Column) -> Column:
    return F.when(F.trim(column) != "", column)


def _day(column: Column) -> Column:
    # A year alone, which many declare, is no day of birth.
    return F.regexp_extract(F.trim(column), r"^((?!0000)\d{4}-\d{2}-\d{2})", 1).try_cast("date")


def _first_of_list(column: Column) -> Column:
    # Boards come as a JSON list, or as plain text on older platforms.
    listed = F.from_json(column, "array<string>", {"mode": "PERMISSIVE"})
    return _text(F.coalesce(F.try_element_at(listed, F.lit(1)), column))
