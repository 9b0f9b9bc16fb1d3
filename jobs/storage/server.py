"""The process of the embedded PostgreSQL: whether it lives, how it starts and stops."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from jobs.errors import UnavailableError
from jobs.storage import cluster as files
from jobs.storage.cluster import SUPERUSER, Cluster

DATABASE = "sunbird_batch"
START_SECONDS = 60
# For tests: a crash of the machine may lose it all, a killed process still loses nothing.
FAST = "-c fsync=off -c full_page_writes=off"


def answering(home: Path, database: str = DATABASE) -> str | None:
    """The URL, if the server behind it is this home's and takes its password."""
    cluster = files.find(home)
    port = recorded_port(home)
    if cluster is None or port is None or not (cluster.data / "postmaster.pid").exists():
        return None
    url = f"postgresql://{SUPERUSER}:{quote(cluster.password)}@127.0.0.1:{port}/{database}"
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return None
    return url


def launch(cluster: Cluster, *, durable: bool) -> None:
    """Start the server, whatever a crash left behind; UnavailableError quotes its log."""
    port = recorded_port(cluster.home)
    until = time.monotonic() + START_SECONDS
    while True:
        if is_alive(cluster):
            # It recovers, or goes down for somebody else: its answer is near.
            if answering(cluster.home, "postgres") is not None:
                return
        else:
            (cluster.data / "postmaster.pid").unlink(missing_ok=True)
            port = port if port is not None and is_free(port) else free_port()
            files.write(cluster.home / "store" / "port", str(port))
            cluster.log.unlink(missing_ok=True)
            options = f"-p {port}" if durable else f"-p {port} {FAST}"
            if control(cluster, "start", f"--log={cluster.log}", f"--options={options}"):
                return
        # A killed server's children hold its memory for a moment; a port can be lost to a race.
        if time.monotonic() > until or not is_passing(cluster):
            raise UnavailableError(
                f"The embedded PostgreSQL in {cluster.folder} does not start."
                f" Its log says: {log_of(cluster)[-600:] or 'nothing'}. Mend that, or set"
                " SUNBIRD_BATCH_STORE_URL to a PostgreSQL of your own."
            )
        time.sleep(0.2)


def is_passing(cluster: Cluster) -> bool:
    log = log_of(cluster)
    return is_alive(cluster) or "shared memory block" in log or "Address already in use" in log


def log_of(cluster: Cluster) -> str:
    try:
        return " ".join(cluster.log.read_text(encoding="utf-8", errors="replace").split())
    except FileNotFoundError:
        return ""


def is_alive(cluster: Cluster) -> bool:
    """Whether the process that the pid file names is this very server.

    After a crash or a restart of the machine, the number may belong to any other process, and
    PostgreSQL itself would then refuse to start.
    """
    try:
        lines = (cluster.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        process = int(lines[0])
        os.kill(process, 0)
    except (FileNotFoundError, ProcessLookupError, PermissionError, IndexError, ValueError):
        return False
    if not Path("/proc/self/cwd").exists():
        return True
    try:
        return Path(f"/proc/{process}/cwd").samefile(cluster.data)
    except OSError:
        return False


def halt(cluster: Cluster) -> None:
    for mode in ("fast", "immediate"):
        if not is_alive(cluster):
            return
        control(cluster, "stop", f"--mode={mode}")
    if is_alive(cluster):
        raise UnavailableError(f"The embedded PostgreSQL in {cluster.folder} does not stop.")


def control(cluster: Cluster, *arguments: str) -> bool:
    command = [files.programs() / "pg_ctl", *arguments, f"--pgdata={cluster.data}"]
    waiting = ["--wait", f"--timeout={START_SECONDS}"]
    return files.run([*command, *waiting], cluster.folder).returncode == 0


def recorded_port(home: Path) -> int | None:
    try:
        return int((home / "store" / "port").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
