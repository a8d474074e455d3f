"""An eBPF function over HTTP through every part: gateway, watchdog, agent, simulated pipeline."""
import subprocess
import time
import urllib.request

from figure import Figure, median
from process import free_port, start, stop, wait_for


def latencies(url, count):
    """Milliseconds of `count` invocations, one after the other."""
    found = []
    for _ in range(count):
        begin = time.monotonic()
        with urllib.request.urlopen(urllib.request.Request(url, b"0123456789abcdef"), timeout=10) as answer:
            answer.read()
        found.append((time.monotonic() - begin) * 1e3)
    return found


def measure(context):
    port = free_port()
    argv = [context.bin / "faisca", "up", "--port", port, "--home", context.folder / "home"]
    log = open(context.folder / "up.log", "w")
    process = start(argv, "0,1", stdout=log, stderr=log)
    try:
        begin = time.monotonic()
        wait_for(f"http://127.0.0.1:{port}/healthz", process=process)
        for sample in ("hello", "hello-ebpf"):
            subprocess.run([context.bin / "faisca", "--gateway", f"http://127.0.0.1:{port}", "deploy", context.root / "samples" / sample],
                           check=True, capture_output=True, timeout=120)
            wait_for(f"http://127.0.0.1:{port}/function/{sample}")
        figures = [
            Figure(f"{name}, invocation through the gateway, p50", median(latencies(f"http://127.0.0.1:{port}/function/{name}", 300)), "ms",
                   "-", "lower", note=note)
            for name, note in (("hello", "a process per request"), ("hello-ebpf", "simulated pipeline, wall time of the simulation"))
        ]
        stop(process)
        begin = time.monotonic()
        process = start(argv, "0,1", stdout=log, stderr=log)
        wait_for(f"http://127.0.0.1:{port}/function/hello", process=process)
        wait_for(f"http://127.0.0.1:{port}/function/hello-ebpf", process=process)
        second = time.monotonic() - begin
        return [*figures, Figure("second start until both samples answer", second, "s", "<= 3", "lower", met=second <= 3)]
    finally:
        stop(process)
