"""The control groups of a cluster: a tree of the same name in every hierarchy, so that version 1 and version 2 both work.

Whatever a node starts, containers and their shims included, stays inside its group. That is how all of it is found again.
"""
import os
import signal
from pathlib import Path

from .wait import until


def hierarchies():
    """Mount points of all cgroup file systems of this machine."""
    found = []
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind, *_ = line.split()
        if kind in ("cgroup", "cgroup2"):
            found.append(Path(where))
    return found


def make(path):
    """The group `path` (a/b) in every hierarchy."""
    for hierarchy in hierarchies():
        group = hierarchy
        for part in Path(path).parts:
            parent, group = group, group / part
            group.mkdir(exist_ok=True)
            # Version 1: a new group has no processors and no memory, and takes no process until it has.
            for name in ("cpuset.cpus", "cpuset.mems"):
                if (parent / "cgroup.clone_children").exists() and (group / name).exists() and not (group / name).read_text().strip():
                    (group / name).write_text((parent / name).read_text())
        _delegate(hierarchy, Path(path))


def _delegate(hierarchy, path):
    """Version 2: children get a controller only when each parent says so."""
    group = hierarchy
    for part in ("", *path.parts[:-1]):
        group = group / part
        control = group / "cgroup.subtree_control"
        if control.exists():
            for controller in (group / "cgroup.controllers").read_text().split():
                try:
                    control.write_text(f"+{controller}")
                except OSError:
                    pass  # the kubelet names a controller that it misses


def joining(path):
    """Beginning of a command line that runs the rest inside the group."""
    files = [str(hierarchy / path / "cgroup.procs") for hierarchy in hierarchies()]
    script = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 1; shift; done; shift; exec "$@"'
    return ["/bin/sh", "-c", script, "sh", *files, "--"]


def processes(path):
    """Ids of all processes in the group and in those below it."""
    found = set()
    for hierarchy in hierarchies():
        for folder, _, files in os.walk(hierarchy / path):
            if "cgroup.procs" in files:
                try:
                    found.update(map(int, Path(folder, "cgroup.procs").read_text().split()))
                except OSError:
                    pass  # removed meanwhile
    return found


def kill(path):
    """Ends every process of the group at once, and those that they start meanwhile."""
    def none_left():
        left = processes(path) - {os.getpid()}
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return not left

    until(none_left, 20, f"the processes of the control group {path} end", 0.02)


def remove(path):
    """The group and all below it, which must be empty."""
    def removed():
        for hierarchy in hierarchies():
            for folder, _, _ in os.walk(hierarchy / path, topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    pass  # an ended process leaves its group a little later
        return not any((hierarchy / path).exists() for hierarchy in hierarchies())

    until(removed, 10, f"the control group {path} can be removed", 0.05)


def writable():
    """A reason why no groups can be made, or None."""
    for hierarchy in hierarchies():
        if not os.access(hierarchy, os.W_OK):
            return f"{hierarchy} cannot be written"
    return None if hierarchies() else "no cgroup file system is mounted"


