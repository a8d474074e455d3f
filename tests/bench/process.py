"""Processes under measurement: pinned to a core, their CPU time and memory read from /proc, ended by their id."""
import os
import signal
import socket
import subprocess
import time
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")


def start(argv, core, **options):
    """Starts argv on one core, in a session of its own."""
    return subprocess.Popen(["taskset", "-c", str(core), *map(str, argv)], start_new_session=True, **options)


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def tree(pid):
    """`pid` and its descendants."""
    found = [pid]
    for parent in found:
        for task in os.listdir(f"/proc/{parent}/task") if os.path.isdir(f"/proc/{parent}") else []:
            with open(f"/proc/{parent}/task/{task}/children") as file:
                found += [int(child) for child in file.read().split()]
    return found


def cpu_seconds(pid):
    """User and system time of one process, with those of its threads."""
    with open(f"/proc/{pid}/schedstat") as file:
        nanoseconds = int(file.read().split()[0])
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
            total += int(file.read().split()[0])
    return max(total, nanoseconds) / 1e9


def rss_mib(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    raise RuntimeError(f"no VmRSS for {pid}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, seconds=20, process=None):
    """Polls until `url` answers 200."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process and process.poll() is not None:
            raise RuntimeError(f"the process for {url} ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return answer.read()
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"{url} did not answer 200 in {seconds} s")
