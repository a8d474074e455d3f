"""A control plane on free loopback ports, without any node: what tests and developers of controllers need.

Besides the control plane's own files FOLDER holds `settings.json` (how it was started), `bin` (the Kubernetes programs, kubectl
among them) and `control` (the command that stops and starts single programs), so that one path is all a test is told.
"""
import json
import os
import secrets
import subprocess
from pathlib import Path

from . import binaries, guard
from .control_plane import ControlPlane, Settings
from .ports import free_ports
from .problem import Problem, say
from .programs import Programs

TOOLS = Path(__file__).resolve().parent.parent
ATTEMPTS = 3


def up(folder, apply=(), fresh=False, owner=None):
    """Starts it unless it runs; returns the administrator's kubeconfig. It ends with process `owner`, if one is given."""
    folder = Path(folder).resolve()
    found = opened(folder)
    if found and not fresh and found.healthy():
        return found.kubeconfig
    if found:
        down(folder)
    programs = binaries.kubernetes()
    plane = _start(folder, programs)
    for name, target in (("bin", programs), ("control", TOOLS / "control")):
        link = folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(target)
    if owner:
        guard.start([TOOLS / "control", "guard", "--dir", folder, "--pid", owner], folder / "logs/guard.log")
    for path in apply:
        _apply(plane, path)
    return plane.kubeconfig


def down(folder):
    folder = Path(folder).resolve()
    Programs(folder).stop_all(grace=5)
    (folder / "settings.json").unlink(missing_ok=True)


def guarded(folder, pid):
    """The guard's whole work."""
    run = _known(folder).get("run")
    guard.await_end(pid)
    if run and _known(folder).get("run") == run:
        down(folder)


def opened(folder):
    """The control plane that was started in this folder, or None."""
    known = _known(folder)
    known.pop("run", None)
    return ControlPlane(folder, Settings(**{**known, "binaries": Path(known["binaries"])})) if known else None


def _known(folder):
    try:
        return json.loads((Path(folder) / "settings.json").read_text())
    except FileNotFoundError:
        return {}


def _start(folder, programs):
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, ATTEMPTS + 1):
        etcd, peer, api = free_ports(3)
        known = {"binaries": str(programs), "address": "127.0.0.1", "etcd_port": etcd, "etcd_peer_port": peer, "api_port": api,
                 # Its own address is loopback, which no Endpoints object may name.
                 "api_server_flags": ["--endpoint-reconciler-type=none"]}
        plane = ControlPlane(folder, Settings(**{**known, "binaries": programs}))
        (folder / "settings.json").write_text(json.dumps({**known, "run": secrets.token_hex(8)}))
        try:
            plane.up()
            return plane
        except Problem as problem:
            (folder / "settings.json").unlink()
            # Another program can take a port between our look and its use.
            if "address already in use" not in str(problem) or attempt == ATTEMPTS:
                raise
            say(f"Trying other ports: {problem}")


def _apply(plane, path):
    """Custom resource definitions, and waits until the API server serves them."""
    kubectl = [plane.settings.binaries / "kubectl", "--kubeconfig", plane.kubeconfig]
    environment = {**os.environ, "HOME": str(plane.folder)}
    for arguments in (["apply", "--server-side", "-f", path], ["wait", "--for=condition=Established", "--timeout=60s", "-f", path]):
        done = subprocess.run([*kubectl, *arguments], capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            raise Problem(f"kubectl {arguments[0]} {path} failed: {done.stderr.strip()}", f"the control plane in {plane.folder} goes on running")
