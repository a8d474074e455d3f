"""A cluster as the tests see it: the commands of ./dev cluster, and waiting for what the API server says."""
import json
import os
import unittest
from pathlib import Path

from tools import ROOT, TOOLS, run
from faisca_cluster import cgroups, wait
from faisca_cluster.cluster import impossible, state_folder
from faisca_cluster.problem import Problem

SAMPLES = ROOT / "deploy/samples"


def until(condition, seconds, what, seen=lambda: ""):
    """The first true value of condition(); an error that says what was seen last when there is none in time."""
    try:
        return wait.until(condition, seconds, what, 0.3)
    except Problem as problem:
        raise AssertionError(f"{problem}; seen: {seen()}") from None


def function(name, namespace, **spec):
    return {"apiVersion": "faisca.dev/v1alpha1", "kind": "Function", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def condition(resource, kind):
    return next((one for one in resource.get("status", {}).get("conditions", []) if one["type"] == kind), {})


def sample_image():
    """The image of deploy/samples/hello.yaml."""
    line = next(line for line in (SAMPLES / "hello.yaml").read_text().splitlines() if line.strip().startswith("image:"))
    return line.split()[1]


class World:
    def __init__(self, name):
        self.name = name
        self.environment = {**os.environ, "FAISCA_CLUSTER": name}

    def try_(self, *arguments, input=None, seconds=300):
        """The finished ./dev cluster command."""
        return run(TOOLS / "cluster", *arguments, env=self.environment, input=input, seconds=seconds)

    def __call__(self, *arguments, input=None, seconds=300):
        """Its output; an error that says what the command said when it fails."""
        done = self.try_(*arguments, input=input, seconds=seconds)
        if done.returncode != 0:
            raise AssertionError(f"./dev cluster {' '.join(map(str, arguments))}: {done.returncode}: {done.stdout.strip()} {done.stderr.strip()}")
        return done.stdout

    def kubectl(self, *arguments, input=None):
        return self("kubectl", *arguments, input=input)

    def get(self, *arguments):
        return json.loads(self.kubectl("get", *arguments, "-o", "json"))

    def apply(self, *objects):
        self.kubectl("apply", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}))

    def function(self, name, namespace):
        return self.get("function", name, "-n", namespace)

    def wait_ready(self, name, namespace, seconds=120):
        """Until what was applied last is what answers."""
        def ready():
            resource = self.function(name, namespace)
            found = condition(resource, "Ready")
            return found.get("status") == "True" and found.get("observedGeneration") == resource["metadata"]["generation"]
        until(ready, seconds, f"the function {name} is ready", lambda: self.function(name, namespace).get("status"))

    def invoke(self, path, body, *arguments):
        """(status, body) of a POST to the gateway."""
        answer = self("curl", path, "-s", "--max-time", "20", "-w", "\n%{http_code}", "-d", body, *arguments)
        text, _, status = answer.rpartition("\n")
        return int(status), text

    def traces(self):
        """What there is of this cluster on the machine."""
        found = [str(path) for path in Path("/run/netns").glob(f"{self.name}*")]
        found += [str(hierarchy / self.name) for hierarchy in cgroups.hierarchies() if (hierarchy / self.name).exists()]
        if state_folder(self.name).exists():
            found.append(str(state_folder(self.name)))
        marker = f"/{self.name}/".encode()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if marker in (process / "cmdline").read_bytes():
                    found.append(f"{process} {(process / 'cmdline').read_bytes()[:60]}")
            except OSError:
                pass  # ended meanwhile
        return found


def of_fixture():
    """The cluster of the fixture kube_node. Skips where there can be none; without the fixture it is an error."""
    reason = (Path(os.environ["FAISCA_TEST_CLUSTER"]) / "impossible").read_text()
    if reason:
        raise unittest.SkipTest(f"no cluster can run here: {reason}")
    return World(os.environ["FAISCA_CLUSTER"])


def of_its_own(name):
    """A name for a cluster that the test starts itself. Skips where there can be none."""
    reason = impossible()
    if reason:
        raise unittest.SkipTest(f"no cluster can run here: {reason}")
    return World(name)


