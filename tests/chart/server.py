"""The chart on a real API server, for tests: kubectl, and a release that begins and ends with a test. FAISCA_TEST_KUBECONFIG names
a control plane of these tests' own, because definitions and the webhook's configuration belong to a whole cluster."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import helm

HERE = Path(__file__).parent
SAMPLES = helm.ROOT / "deploy/samples"
KUBECONFIG = os.environ.get("FAISCA_TEST_KUBECONFIG") or sys.exit("error: FAISCA_TEST_KUBECONFIG is not set\nhint: ctest sets it")
FOLDER = Path(KUBECONFIG).parent


def kubectl(*arguments, text=None, check=True):
    done = subprocess.run([FOLDER / "bin/kubectl", "--kubeconfig", KUBECONFIG, *map(str, arguments)], input=text, capture_output=True,
                          text=True, check=False, timeout=120, env={**os.environ, "HOME": str(FOLDER)})
    if check and done.returncode:
        raise AssertionError(f"kubectl {' '.join(map(str, arguments))}: {done.stderr}")
    return done


def get(*arguments):
    return json.loads(kubectl("get", *arguments, "-o", "json").stdout)


def apply(*items):
    kubectl("apply", "-f", "-", text=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))


def namespace(name, **labels):
    apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})


def on_server(command, *arguments, **options):
    return helm.run(command, helm.RELEASE, *arguments, "-n", helm.NAMESPACE, "--kubeconfig", KUBECONFIG, "--timeout", "60s",
                    env={"HELM_CACHE_HOME": tempfile.gettempdir(), "HOME": str(FOLDER)}, **options)


def upgrade(*arguments, chart=helm.CHART):
    """Nothing runs here, so nothing is waited for but the hooks."""
    return on_server("upgrade", chart, "--install", "--wait=hookOnly", *arguments)


def remove():
    on_server("uninstall", "--ignore-not-found", "--wait=hookOnly")
    kubectl("delete", "crd", "--all", "--wait=true")


class Server(unittest.TestCase):
    """Begins each test without a release, and ends it without one."""

    def setUp(self):
        for name in ("faisca", "team-a", "team-b"):
            namespace(name)
        kubectl("apply", "-f", HERE / "prometheus-operator.yaml")
        self.addCleanup(remove)
