"""Programs that outlive the command that starts them, recorded in DIR/programs.json so that a later command ends them.

A record holds the process id and the kernel's start time of that process, so a process id used again is never
mistaken for ours. Each program runs in a session of its own with its output in DIR/logs/NAME.log.
"""
import json
import os
import signal
import subprocess
from pathlib import Path

from .problem import Problem
from .wait import until


def start_time(pid):
    """Clock ticks since boot at which this process started (proc(5), field 22); None when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # An ended process stays a zombie until its parent looks.
    return None if fields[0] in "ZX" else int(fields[19])


def alive(record):
    return record is not None and record.get("started") is not None and start_time(record["pid"]) == record["started"]


def end(record, grace=10):
    """SIGTERM, then SIGKILL after `grace` seconds (0: at once); returns when the process is gone."""
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 10)):
        if seconds == 0:
            continue
        if not alive(record):
            return
        try:
            os.kill(record["pid"], number)
        except ProcessLookupError:
            return
        try:
            until(lambda: not alive(record), seconds, f"process {record['pid']} ends", 0.02)
            return
        except Problem:
            if number == signal.SIGKILL:
                raise


class Programs:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.file = self.folder / "programs.json"

    def records(self):
        try:
            return json.loads(self.file.read_text())
        except FileNotFoundError:
            return {}

    def alive(self, name):
        return alive(self.records().get(name))

    def start(self, name, argv, prefix=(), environment=None):
        """Starts argv; `prefix` (nsenter and the like) must exec it, so that the process id is the program's own."""
        argv = [str(part) for part in argv]
        records = self.records()
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        with open(logs / f"{name}.log", "ab") as log:
            try:
                process = subprocess.Popen([*prefix, *argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                           cwd=self.folder, start_new_session=True,
                                           env={**os.environ, **(environment or {})})
            except OSError as failure:
                raise Problem(f"cannot start {name} ({argv[0]}): {failure.strerror}", "./dev deps cluster installs what is needed") from None
        records[name] = {"pid": process.pid, "started": start_time(process.pid), "argv": argv, "prefix": list(prefix)}
        self._write(records)
        return process

    def start_again(self, name):
        """With the arguments of the last time."""
        record = self.records().get(name)
        if record is None:
            raise Problem(f"there is no program '{name}' in {self.folder}", f"there are: {', '.join(self.records())}")
        if alive(record):
            raise Problem(f"{name} is running already (process {record['pid']})")
        return self.start(name, record["argv"], record["prefix"])

    def stop(self, name, grace=10):
        """Ends one program and keeps its record, for start_again."""
        record = self.records().get(name)
        if record is None:
            raise Problem(f"there is no program '{name}' in {self.folder}", f"there are: {', '.join(self.records())}")
        end(record, grace)

    def stop_all(self, grace=10):
        """The last started ends first."""
        for record in reversed(self.records().values()):
            end(record, grace)
        self.file.unlink(missing_ok=True)

    def last_words(self, name, lines=3):
        """The end of a program's log, for messages."""
        try:
            text = (self.folder / "logs" / f"{name}.log").read_text(errors="replace")
        except FileNotFoundError:
            return ""
        return " / ".join(text.strip().splitlines()[-lines:])

    def _write(self, records):
        partial = self.file.with_suffix(".partial")
        partial.write_text(json.dumps(records, indent=1))
        partial.rename(self.file)
