"""Requests that fail at 500 a second while a function is updated and scaled down, on a real cluster with the chart."""
import json
import subprocess
import sys
import time
from contextlib import contextmanager

from figure import Figure
from kube_world import NAMESPACE, cluster_world, ready_function, sample_image, until

RATE = 500
NAME = "bench-steady"


class Load:
    """tests/cluster/load.py in the network of a node."""

    def __init__(self, context, world, url):
        command = [context.root / "tools/cluster/cluster", "run", sys.executable, context.root / "tests/cluster/load.py", url, str(RATE)]
        self.process = subprocess.Popen(list(map(str, command)), env=world.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "started\n":
            raise RuntimeError("the load did not start")

    def end(self):
        output, _ = self.process.communicate(timeout=60)
        return json.loads(output)


@contextmanager
def function(world, image):
    try:
        ready_function(world, NAME, image, replicas=3)
        yield
    finally:
        world.kubectl("delete", "function", NAME, "-n", NAMESPACE, "--ignore-not-found")


def change(world, image, rounds):
    def pods():
        return world.kubectl("get", "pods", "-n", NAMESPACE, "-l", f"faisca.dev/function={NAME}", "-o", "name").split()

    for number in range(rounds):
        ready_function(world, NAME, image, replicas=3, env=[{"name": "ROUND", "value": str(number)}])
        world.kubectl("scale", "function", NAME, "-n", NAMESPACE, "--replicas=1")
        until(lambda: len(pods()) == 1, 120, "one instance is left", pods)
        world.kubectl("scale", "function", NAME, "-n", NAMESPACE, "--replicas=3")
        world.wait_ready(NAME, NAMESPACE)


def measure(context):
    world, image = cluster_world(), sample_image()
    with function(world, image):
        load = Load(context, world, world("url").strip() + f"/function/{NAME}.{NAMESPACE}")
        began = time.monotonic()
        try:
            change(world, image, context.rounds)
        finally:
            seconds = time.monotonic() - began
            result = load.end()
    failed = sum(result["failed"].values())
    what = ", ".join(f"{count} x {text}" for text, count in result["failed"].items())
    note = f"{context.rounds} times: update of 3 instances, scale to 1, back to 3; {result['requests']:,} requests, {result['requests'] / seconds:.0f}/s reached"
    return [Figure(f"requests failed during updates and scale-downs, {RATE}/s", failed, "requests", "0", "lower", met=failed == 0,
                   note=note + (f"; {what}" if what else ""))]
