"""One Spark session for the whole run, small and quiet."""

import logging

import pytest

from jobs.settings import Settings
from jobs.storage.spark import start_session

# Python workers read the platform's key from the home that the session was started with.
PLATFORM_KEY, PLATFORM_SALT = "0123456789abcdef", "salt-of-sunbird"


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    home = tmp_path_factory.mktemp("spark")
    (home / "secrets").mkdir()
    (home / "secrets" / "platform_key").write_text(PLATFORM_KEY)
    (home / "secrets" / "platform_salt").write_text(PLATFORM_SALT)
    settings = Settings(
        home=home,
        spark_master="local[1]",
        spark_driver_memory="1g",
        spark_conf={
            "spark.sql.shuffle.partitions": "1",
            # A handful of rows is read sooner than a class for them is compiled.
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.adaptive.enabled": "false",
        },
    )
    session = start_session(settings, name="tests", is_brief=True)
    # Its farewells come when the streams that a test's logging wrote to are closed.
    logging.getLogger("py4j").setLevel(logging.WARNING)
    yield session
    session.stop()
