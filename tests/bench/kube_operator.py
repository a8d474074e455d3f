"""The operator with a thousand Functions on a real API server and its controllers (no node, so at zero replicas): how long until all
children exist and every status is written, what that costs the API server, what the operator costs afterwards, and how soon
another operator takes over. A control plane of its own, whose controller manager has raised client limits."""
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from figure import Figure

MANY = 1000
STEADY_SECONDS = 60
WRITES = {"POST", "PUT", "PATCH", "APPLY", "DELETE"}
SPACE = "bench"


def function(name):
    return {"apiVersion": "faisca.dev/v1alpha1", "kind": "Function", "metadata": {"name": name},
            "spec": {"image": "registry.example/hello:1", "replicas": 0, "scale": {"min": 0}}}


def requests(api):
    """{(resource, outcome): requests that change something} by the API server's own count; without leases."""
    out = Counter()
    for line in api.raw("GET", "/metrics", accept="text/plain").splitlines():
        found = re.match(r"apiserver_request_total\{(.*)\} (\S+)$", line)
        if not found:
            continue
        labels = dict(re.findall(r'(\w+)="([^"]*)"', found[1]))
        if labels["verb"] in WRITES and labels["resource"] != "leases" and not labels["dry_run"]:
            out[labels["resource"], "ok" if labels["code"] < "300" else "refused"] += float(found[2])
    return out


def ready(api):
    return sum(1 for f in api.list("functions", SPACE) for c in f.get("status", {}).get("conditions", [])
               if c["type"] == "Ready" and c["status"] == "True" and c["observedGeneration"] == f["metadata"]["generation"])


def many(api, operator, until):
    """Seconds until all are ready, and the writes it took."""
    before = requests(api)
    start = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: api.create("functions", SPACE, function(f"f{i:04}")), range(MANY)))
    applied = time.monotonic() - start
    last = 0
    while last < MANY:
        time.sleep(1)
        last = ready(api)
        if time.monotonic() - start > 600:
            raise RuntimeError(f"{last} of {MANY} are ready after 600 s\n{operator.said()[-2000:]}")
    seconds = time.monotonic() - start
    children = [len(api.list(plural, SPACE)) for plural in ("deployments", "services")]
    if children != [MANY, MANY]:
        raise RuntimeError(f"{children} Deployments and Services for {MANY} Functions")
    time.sleep(5)  # the controllers' last writes
    writes = requests(api) - before
    return seconds, applied, writes


def steady(api, operator):
    """CPU in %, requests a minute that change something by the operator's count, RSS in MiB."""
    before, cpu, start = operator.writes(), operator.cpu_seconds(), time.monotonic()
    time.sleep(STEADY_SECONDS)
    seconds = time.monotonic() - start
    return (operator.cpu_seconds() - cpu) / seconds * 100, (operator.writes() - before) * 60 / seconds, operator.rss_mib()


def failover(api, start_operator, leader, until):
    """Seconds from the leader's death to the next function's readiness; the writes to children of that one."""
    other = start_operator()
    until(lambda: other.http("/readyz")[0] == 200, "the second operator is ready")
    leader.stop(signal.SIGKILL)
    start = time.monotonic()
    api.create("functions", SPACE, function("after"))
    until(lambda: other.leads(), "the other leads")
    leads = time.monotonic() - start
    until(lambda: ready(api) == MANY + 1, "the function after is ready", 120)
    return leads, time.monotonic() - start, other.child_writes()


def measure(context):
    sys.path.append(str(context.root / "tests/component/operator"))
    from api import Api
    from operator_process import Operator, until
    control, plane = context.root / "tools/cluster/control", context.folder / "control-plane"
    operators = []

    def start_operator():
        operators.append(Operator(context.bin / "faisca-operator", kubeconfig, context.folder / f"operator{len(operators)}.log",
                                  "--namespace", SPACE, "--webhook", "false"))
        return operators[-1]

    try:
        kubeconfig = subprocess.run([control, "up", "--dir", plane, "--with-parent", "--apply", context.root / "api/crd"], check=True,
                                    capture_output=True, text=True, timeout=2400).stdout.strip().splitlines()[-1]
        api = Api(kubeconfig)
        api.create("namespaces", "", {"metadata": {"name": SPACE}})
        operator = start_operator()
        until(operator.leads, "the operator leads")
        seconds, applied, writes = many(api, operator, until)
        cpu, per_minute, rss = steady(api, operator)
        leads, served, children = failover(api, start_operator, operator, until)
    finally:
        for each in operators:
            each.stop()
        subprocess.run([control, "down", "--dir", plane], check=False, timeout=120, stdout=subprocess.DEVNULL)
    total = sum(writes.values()) / MANY
    refused = sum(count for (_, outcome), count in writes.items() if outcome == "refused") / MANY
    own = ", ".join(f"{count / MANY:.1f} {resource}" for (resource, outcome), count in sorted(writes.items()) if outcome == "ok" and count >= MANY / 10)
    return [
        Figure(f"{MANY:,} Functions at zero replicas -> all children and statuses", seconds, "s", "<= 60", "lower", met=seconds <= 60,
               note=f"real API server and controllers on the same cores; applied in {applied:.0f} s"),
        Figure("API writes per Function, all controllers", total, "writes", "<= 12", "lower", met=total <= 12,
               note=f"{own}; {refused:.1f} of them refused as conflicts"),
        Figure(f"operator's CPU with {MANY:,} Functions, nothing changing", cpu, "% of a core", "<= 1", "lower", met=cpu <= 1),
        Figure(f"operator's writes with {MANY:,} Functions, nothing changing", per_minute, "/min", "0", "lower", met=per_minute == 0,
               note=f"over {STEADY_SECONDS} s, its lease not counted"),
        Figure(f"operator's memory with {MANY:,} Functions", rss, "MiB RSS", "<= 60", "lower", met=rss <= 60),
        Figure("leader killed -> another leads", leads, "s", "<= 20", "lower", met=leads <= 20 and children == 2,
               note=f"a Function applied meanwhile was ready after {served:.1f} s; {children:.0f} writes to children, of that one only"),
    ]
