"""What each test of the operator on the real API server starts from: a namespace of its own, an operator that serves only that."""
import os
import secrets
import sys
import tempfile
import unittest
from pathlib import Path

from api import Api
from operator_process import Operator, until

KUBECONFIG = os.environ.get("FAISCA_TEST_KUBECONFIG") or sys.exit("error: FAISCA_TEST_KUBECONFIG is not set\nhint: ctest sets it")
PROGRAM = Path(os.environ.get("FAISCA_BIN") or sys.exit("error: FAISCA_BIN is not set\nhint: ctest sets it")) / "faisca-operator"


def function(name, **spec):
    spec = {"image": "registry.example/hello:1", **spec}
    return {"apiVersion": "faisca.dev/v1alpha1", "kind": "Function", "metadata": {"name": name},
            "spec": {key: value for key, value in spec.items() if value is not None}}


def condition(item, kind):
    return next((c for c in (item or {}).get("status", {}).get("conditions", []) if c["type"] == kind), {})


class World(unittest.TestCase):
    kubeconfig = KUBECONFIG

    def setUp(self):
        self.api = Api(self.kubeconfig)
        self.addCleanup(self.api.close)
        self.space = f"op-{secrets.token_hex(4)}"
        self.api.create("namespaces", "", {"metadata": {"name": self.space}})
        self.addCleanup(self.api.delete, "namespaces", "", self.space)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.operators = 0

    def operator(self, *settings):
        self.operators += 1
        out = Operator(PROGRAM, self.kubeconfig, self.folder / f"operator{self.operators}.log", "--namespace", self.space,
                       "--watch-namespaces", self.space, "--lease", "10s", "--webhook", "false", *settings)
        self.addCleanup(lambda: out.process.poll() is None and out.stop())
        return out

    def apply(self, name, **spec):
        return self.api.apply("functions", self.space, name, function(name, **spec))

    def get(self, plural, name):
        return self.api.get(plural, self.space, name)

    def reason(self, name, kind="Ready"):
        return condition(self.get("functions", name), kind).get("reason")

    def await_reason(self, name, reason, kind="Ready"):
        until(lambda: self.reason(name, kind) == reason, lambda: f"{name} is {self.get('functions', name).get('status')}, not {reason}")
        return condition(self.get("functions", name), kind)

    def await_child(self, plural, name):
        return until(lambda: self.get(plural, name), f"no {plural}/{name}")

    def await_gone(self, plural, name):
        until(lambda: self.get(plural, name) is None, f"{plural}/{name} is still there")

    def pods(self, name):
        return self.api.list("pods", self.space, labelSelector=f"faisca.dev/function={name}")

    def set_pods(self, name, count, **status):
        """Plays the kubelet: gives all pods of a function this status, once there are so many."""
        until(lambda: len(self.pods(name)) == count, lambda: f"{len(self.pods(name))} pods of {name}, not {count}")
        for pod in self.pods(name):
            self.api.merge("pods", self.space, pod["metadata"]["name"], {"status": status}, "status")

    def make_ready(self, name, count):
        self.set_pods(name, count, phase="Running", conditions=[{"type": "Ready", "status": "True"}, {"type": "PodScheduled", "status": "True"}])
