"""Makes .venv out of the pinned requirements; run by make, with nothing but Python 3.11.

Only the standard library is here: this runs before anything else is installed.
"""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
READY = VENV / ".ready"
INSTALLER = ROOT / "requirements-uv.txt"
REQUIREMENTS = ROOT / "requirements-dev.txt"

# uv reads none of pip's settings; where the packages come from is told to pip, as a rule.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
}
SETTING = re.compile(r"^(?P<section>[^.]+|:env:)\.(?P<name>[a-z-]+)='(?P<value>.*)'$")


def main() -> int:
    try:
        prepare()
    except (subprocess.CalledProcessError, OSError) as error:
        print(
            f"\nThe environment could not be made: {error}\n"
            "The packages come from the index that pip is set to (`pip config list`); is it"
            " reachable? `make` goes on from here the next time.",
            file=sys.stderr,
        )
        return 1
    return 0


def prepare() -> None:
    is_update = READY.is_file() and works(PYTHON)
    READY.unlink(missing_ok=True)
    if not is_update:
        # Half of an environment is not repaired piece by piece: what is broken in it is unknown.
        print(f"Makes {VENV.relative_to(ROOT)} with Python {sys.version.split()[0]}", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=True)
    pip("install", "--require-hashes", "-r", str(INSTALLER))
    print("Installs the pinned requirements: half a minute, or several with pip alone", flush=True)
    uv = [str(VENV / "bin" / "uv"), "pip", "sync", "--require-hashes", "--compile-bytecode"]
    uv += ["--quiet", "--python", str(PYTHON), str(REQUIREMENTS)]
    if subprocess.run(uv, cwd=ROOT, env=uv_environment()).returncode:
        print("uv could not install them; tries again with pip", flush=True)
        if not has_pip():
            subprocess.run([PYTHON, "-m", "ensurepip"], check=True)
        pip("install", "--require-hashes", "-r", str(REQUIREMENTS))
    READY.touch()


def works(python: Path) -> bool:
    """Whether it starts and is of this very version."""
    told = "import sys; print(sys.version_info[:2])"
    try:
        ended = subprocess.run([python, "-c", told], capture_output=True, text=True)
    except OSError:
        return False
    return ended.stdout.strip() == str(sys.version_info[:2])


def has_pip() -> bool:
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0


def pip(*arguments: str) -> None:
    if not has_pip():
        subprocess.run([PYTHON, "-m", "ensurepip"], check=True)
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([PYTHON, "-m", "pip", *arguments, *quiet], check=True, cwd=ROOT)


def uv_environment() -> dict[str, str]:
    """This environment, with pip's package sources in the words of uv; what is set already wins."""
    told = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True)
    # Packages are pinned by hash, so any index may serve them, as with pip.
    defaults = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    return defaults | translated(told.stdout) | dict(os.environ)


def translated(pip_settings: str) -> dict[str, str]:
    """uv's variables from the lines of `pip config list`; the environment's lines win."""
    found = [match for line in pip_settings.splitlines() if (match := SETTING.match(line))]
    found.sort(key=lambda match: match["section"] == ":env:")
    variables = {}
    for match in found:
        name = PIP_TO_UV.get(match["name"])
        if name:
            separator = "," if name == "UV_FIND_LINKS" else " "
            variables[name] = separator.join(match["value"].replace("\\n", " ").split())
    return variables


if __name__ == "__main__":
    sys.exit(main())
