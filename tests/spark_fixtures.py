"""One Spark session for the whole run, small and quiet."""

import pytest

from jobs.settings import Settings
from jobs.storage.spark import start_session


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    settings = Settings(
        home=tmp_path_factory.mktemp("spark"),
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
    session = start_session(settings, name="tests")
    yield session
    session.stop()
