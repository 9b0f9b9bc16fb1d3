"""What the crash tests share: a platform whose commands are real processes."""

import pytest

from tests.crash.drive import Drive


@pytest.fixture
def drive(tmp_path, store, publish_rows, make_settings, smtp_server):
    return Drive(tmp_path, store, publish_rows, make_settings, smtp_server())
