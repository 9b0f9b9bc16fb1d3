"""What every test may use: one Spark session, one store, real servers at the rim."""

pytest_plugins = [
    "tests.spark_fixtures",
    "tests.store_fixtures",
    "tests.mail_fixtures",
    "tests.lake_fixtures",
]
