"""A Go toolchain that can build Kubernetes.

The machine's own when it is new enough. Debian 12's (1.19) is not, but it can fetch and verify the one that is needed as
the module golang.org/toolchain, the way newer Go versions do by themselves. Then the caches of that build are thrown
away with it: they take 4 GB and serve nobody else.
"""
import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .problem import Problem, say

OLDEST = (1, 24)
FETCHED = "go1.24.13"


def version():
    """The version that toolchain() gives."""
    return _version_of(_installed()) if _new_enough(_installed()) else FETCHED


@contextlib.contextmanager
def toolchain():
    """(path of go, environment to run it in)."""
    installed = _installed()
    if _new_enough(installed):
        yield installed, {**os.environ, "GOTOOLCHAIN": "local"}
        return
    if installed is None:
        raise Problem("there is no Go in PATH", "./dev deps cluster installs Debian's, which fetches the version that is needed")
    folder = Path(tempfile.mkdtemp(prefix="faisca-go-", dir=_roomy_folder()))
    try:
        environment = {**os.environ, "GOTOOLCHAIN": "local", "GOMODCACHE": str(folder / "modules"), "GOCACHE": str(folder / "cache")}
        root = _fetch(installed, folder, environment)
        yield str(root / "bin/go"), {**environment, "GOROOT": str(root)}
    finally:
        subprocess.run(["chmod", "-R", "u+w", folder])  # Go makes its module cache read-only
        shutil.rmtree(folder)


def _installed():
    return shutil.which("go")


def _version_of(program):
    return subprocess.run([program, "version"], capture_output=True, text=True, cwd="/").stdout.split()[2] if program else ""


def _new_enough(program):
    found = re.match(r"go(\d+)\.(\d+)", _version_of(program))
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def _roomy_folder():
    # /tmp is often in memory.
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "faisca"


def _fetch(program, folder, environment):
    say(f"Fetching {FETCHED} from the Go module proxy (80 MB): {_version_of(program)} is too old for Kubernetes")
    module = f"golang.org/toolchain@v0.0.1-{FETCHED}.linux-amd64"
    done = subprocess.run([program, "mod", "download", "-json", module], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise Problem(f"go mod download {module} failed: {done.stderr.strip() or done.stdout.strip()}", "is the Go module proxy (go env GOPROXY) reachable?")
    root = Path(json.loads(done.stdout)["Dir"])
    # Module archives do not keep the permission to execute.
    subprocess.run(["chmod", "-R", "u+w", root], check=True)
    for file in [*(root / "bin").iterdir(), *(root / "pkg/tool").rglob("*")]:
        if file.is_file():
            file.chmod(0o755)
    return root
