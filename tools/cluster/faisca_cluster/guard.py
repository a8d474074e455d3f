"""Ends a control plane when the process it was started for ends, whatever way that happens: ctest interrupted runs no clean-up."""
import os
import select
import subprocess
import sys


def start(control, folder, pid):
    """A process of its own, which ends with process `pid` too and leaves a control plane started later alone."""
    with open(folder / "logs" / "guard.log", "ab") as log:
        subprocess.Popen([sys.executable, str(control), "guard", "--dir", str(folder), "--pid", str(pid)],
                         stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True)


def await_end(pid):
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    select.select([handle], [], [])
    os.close(handle)
