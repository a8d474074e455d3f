"""Processes of one platform, found in /proc by its home: in their environment (FAISCA_HOME) or their arguments."""
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    name: str  # of the executable
    arguments: tuple

    def __str__(self):
        return f"{self.name}[{self.pid}] {' '.join(self.arguments)}"


def _read(pid, name):
    return Path(f"/proc/{pid}/{name}").read_bytes()


def _one(pid, home):
    try:
        arguments = _read(pid, "cmdline").split(b"\0")[:-1]
        environment = _read(pid, "environ").split(b"\0")
        after_name = _read(pid, "stat").rpartition(b")")[2].split()
        if after_name[0] in (b"Z", b"X"):
            return None
        mine = f"FAISCA_HOME={home}".encode() in environment or any(home.encode() in argument for argument in arguments)
        if not mine:
            return None
        name = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
        return Process(pid, int(after_name[1]), name, tuple(a.decode(errors="replace") for a in arguments))
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None  # it ended while we looked, or is another user's


def processes_of(home):
    """Every living process that belongs to the platform in `home`, but for this test itself."""
    pids = (int(entry) for entry in os.listdir("/proc") if entry.isdigit())
    found = (_one(pid, str(home)) for pid in pids if pid != os.getpid())
    return [process for process in found if process]


def alive(pid):
    try:
        return _read(pid, "stat").rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except (FileNotFoundError, ProcessLookupError):
        return False
