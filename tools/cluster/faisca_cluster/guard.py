"""Ends a control plane or a cluster when the process it was started for ends, whatever way that happens: an interrupted ctest
runs no clean-up."""
import os
import select
import subprocess


def start(command, log):
    """Runs `command`, which waits by await_end, as a process of its own."""
    with open(log, "ab") as output:
        subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", start_new_session=True)


def await_end(pid):
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    select.select([handle], [], [])
    os.close(handle)
