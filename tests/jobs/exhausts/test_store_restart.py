"""The store goes away in the middle of a run and comes back."""

import pytest

from jobs.errors import UnavailableError
from jobs.storage import cluster, postgres
from jobs.storage.migrations.run import migrate
from jobs.storage.objects import FolderObjects
from jobs.storage.server import halt
from jobs.storage.store import Store
from tests.jobs.exhausts.small_platform import member_of


class RestartsOnce:
    """An object store during whose first writing the other store is restarted."""

    def __init__(self, objects, home):
        self.objects, self.home, self.restarts = objects, home, 0

    def __getattr__(self, name):
        return getattr(self.objects, name)

    def put(self, key, path):
        self.objects.put(key, path)
        if not self.restarts:
            self.restarts += 1
            halt(cluster.find(self.home))
            postgres.start(self.home, durable=False)


@pytest.fixture
def store(own_home):
    """A store on a server of the test's own, which it may stop."""
    url = postgres.start(own_home, durable=False)
    migrate(url, request_table="job_request")
    return Store(url)


def test_request_survives_a_restart_of_the_store_in_the_middle_of_its_run(platform, own_home):
    platform.objects = RestartsOnce(FolderObjects(platform.settings.objects), own_home)
    request_id = platform.ask("b1")
    platform.claim()
    with pytest.raises(UnavailableError, match="run the command again; nothing was lost"):
        platform.cut()
    assert platform.request(request_id)["status"] == "PROCESSING"

    assert platform.answer() == {"cut": 1, "answered": 1}
    assert platform.request(request_id)["status"] == "SUCCESS"
    assert b"User ID" in member_of(platform.archive(request_id))
    assert platform.objects.restarts == 1
    assert len(platform.deliveries(request_id)) == 1
