"""The parts of the LMS that are told of batches."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class LmsSettings(BaseSettings):
    """The parts of the LMS that are told of batches."""

    search_url: str | None = Field(
        None, description="the search index that holds the batches, http://host:9200; none: untold"
    )
    search_index: str = Field("course-batch", description="its index of batches")
    search_authorization: SecretStr | None = Field(
        None, description="the header Authorization for it, such as ApiKey ..."
    )
    content_url: str | None = Field(
        None, description="the service that holds the courses' list of batches; none: untold"
    )
    content_authorization: SecretStr | None = Field(
        None, description="the header Authorization for it, such as Bearer ..."
    )
    lms_jdbc_url: SecretStr | None = Field(
        None, description="PostgreSQL that holds the LMS's batch table; none: untold"
    )
    lms_batch_table: str = Field(
        "course_batch",
        pattern=r"^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$",
        description="the batch table there, with its schema if it needs one",
    )
    lms_timeout_seconds: float = Field(10, gt=0, description="for one whole answer of the LMS")
    lms_parallel: int = Field(4, ge=1, le=64, description="requests to the LMS at the same time")
    lms_bulk: int = Field(500, ge=1, le=10_000, description="batches in one request to the search")
