"""What every test may use: one Spark session, one store, real servers at the rim."""

import hypothesis

# The same examples each run; a machine that is busy is no reason to fail.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True)
hypothesis.settings.load_profile("project")

pytest_plugins = [
    "tests.spark_fixtures",
    "tests.store_fixtures",
    "tests.mail_fixtures",
    "tests.lake_fixtures",
    "tests.command_fixtures",
]
