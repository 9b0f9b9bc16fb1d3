"""What Airflow shows of Sunbird Batch: its page in the menu, and a run book beside each DAG."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

PREFIX = "/sunbird-batch"


def below_airflow(path: str) -> str:
    """The path where this Airflow's own address has one before it."""
    before = urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/")
    return f"{before}{path}"


class SunbirdBatch(AirflowPlugin):
    """The page is a small server-side application below Airflow's own server and login."""

    name = "sunbird_batch"
    external_views: ClassVar[list[dict[str, Any]]] = [
        {
            "name": "Sunbird Batch",
            "href": below_airflow(f"{PREFIX}/"),
            "icon": below_airflow(f"{PREFIX}/static/icon.svg"),
            "destination": "nav",
            "nav_top_level": True,
            "url_route": "sunbird-batch",
        },
        {
            "name": "Run book",
            "href": below_airflow(f"{PREFIX}/run-books/{{DAG_ID}}"),
            "destination": "dag",
            "url_route": "run-book",
        },
    ]

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """The application, loaded where a server asks for it: schedulers and workers never do."""
        from sunbird_page.app import application

        return [{"app": application(), "url_prefix": PREFIX, "name": "Sunbird Batch"}]
