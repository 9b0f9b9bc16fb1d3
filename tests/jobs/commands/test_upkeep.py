"""The doctor as it is read: a line for each part, and what to do below an ill one."""

import socket

from jobs.errors import SettingsError


def test_doctor_on_a_new_home_says_what_to_do_first(typed, tmp_path):
    told = typed("doctor")

    lines = told.out.splitlines()
    assert told.code == 1
    (ill,) = [number for number, line in enumerate(lines) if line.startswith("FAIL lake")]
    assert str(tmp_path / "home" / "lake") in lines[ill]
    assert lines[ill + 1].startswith("     do: ")
    assert "python -m jobs samples" in lines[ill + 1]
    for part in ("store", "objects", "mail", "Java", "Spark", "Airflow"):
        assert [line for line in lines if line.startswith(f"ok   {part}: ")]


def test_doctor_tells_of_servers_that_are_down_without_their_passwords(typed):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    told = typed(
        "doctor",
        store_url=f"postgresql://batch:canary@127.0.0.1:{port}/x",
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none",
        objects_url="s3://bucket", s3_endpoint_url=f"http://127.0.0.1:{port}",
    )  # fmt: skip

    ill = [line for line in told.out.splitlines() if line.startswith("FAIL")]
    assert told.code == 1
    assert {"FAIL store", "FAIL mail", "FAIL objects"} <= {line.partition(":")[0] for line in ill}
    assert "canary" not in told.out + told.err
    assert "Traceback" not in told.err


def test_settings_that_cannot_be_used_end_every_command_with_their_name(typed):
    for command in (["doctor"], ["requests"], ["refresh"]):
        ended = typed(*command, smtp_port="many")

        assert ended.code == SettingsError.exit_code
        assert "SUNBIRD_BATCH_SMTP_PORT" in ended.err
        assert "Traceback" not in ended.err
