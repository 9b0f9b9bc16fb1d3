"""Who is told which tables a command read and made."""

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import BaseSettings


class LineageSettings(BaseSettings):
    """Who is told which tables a command read and made."""

    openlineage_url: AnyHttpUrl | None = Field(
        None, description="server of OpenLineage events, http://marquez:5000; none: none are sent"
    )
    openlineage_namespace: str = Field(
        "sunbird-batch", description="what this installation is called in OpenLineage events"
    )
    openlineage_api_key: SecretStr | None = Field(
        None, description="sent to the server of OpenLineage events as a bearer token"
    )
