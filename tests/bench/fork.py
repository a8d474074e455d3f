"""Fork mode of the watchdog, beside a bare clone3+exec loop of the same static handler."""
import json
import os
import subprocess

from figure import Figure, median
from load import post
from process import free_port, start, stop, wait_for


def bare(context):
    text = subprocess.run(["taskset", "-c", "0", context.bin / "spawn_loop", "--json", "--seconds", str(context.seconds),
                           context.bin / "handler_static"], capture_output=True, text=True, check=True, timeout=60).stdout
    return json.loads(text.splitlines()[-1])


def measure(context):
    port = free_port()
    # As an instance has it: the environment of a login shell would cost each handler 10 us more.
    environment = {"PATH": os.environ["PATH"], "fprocess": str(context.bin / "handler_static"), "port": str(port)}
    argv = [context.bin / "faisca-watchdog", "--metrics-port", 0, "--lock-file", context.folder / "lock"]
    process = start(argv, 0, env=environment, stderr=open(context.folder / "watchdog.log", "w"))
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_for(url + "_/health", process=process)
        rates, added, bares, ours = [], [], [], []
        for _ in range(context.rounds):
            loop = bare(context)
            many = post(url, context.folder, 8, context.seconds)
            one = post(url, context.folder, 1, context.seconds)
            if many.failed or one.failed:
                raise RuntimeError("fork mode: requests failed")
            rates.append(many.rate / loop["rate"])
            ours.append(many.rate)
            bares.append(loop["rate"])
            added.append(one.p50_us - loop["p50_us"])
        ratio, latency = median(rates), median(added)
        return [
            Figure("fork mode, requests/s on one core", median(ours), "req/s", ">= 0.85 x bare loop", "higher", "clone3+exec loop",
                   median(bares), ratio, ratio >= 0.85, "static handler, 8 connections"),
            Figure("fork mode, added latency p50", latency, "us", "<= 60", "lower", "clone3+exec loop", None, None, latency <= 60,
                   "1 connection, load on the other core"),
        ]
    finally:
        stop(process)
