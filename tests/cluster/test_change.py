"""What changes under load costs nobody a request, and what breaks comes back: rollouts, scaling, operators and nodes that go."""
import base64
import json
import subprocess
import sys
import unittest
from contextlib import contextmanager
from pathlib import Path

from tools import ROOT, TOOLS
from world import function, of_fixture, sample_image, until

sys.path.append(str(ROOT / "tests/e2e"))
from support import functions  # noqa: E402

NAMESPACE = "change"
RATE = 100


class ChangeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = of_fixture()
        cls.world.kubectl("create", "namespace", NAMESPACE)
        cls.addClassCleanup(cls.world.kubectl, "delete", "namespace", NAMESPACE, "--timeout=120s")

    def apply_ready(self, one, seconds=120):
        self.world.apply(one)
        self.world.wait_ready(one["metadata"]["name"], NAMESPACE, seconds)

    def status(self, name):
        return self.world.function(name, NAMESPACE).get("status", {})

    @contextmanager
    def load_on(self, name):
        """Requests go on while the block runs; none may fail."""
        url = self.world("url").strip() + f"/function/{name}.{NAMESPACE}"
        command = [TOOLS / "cluster", "run", sys.executable, Path(__file__).with_name("load.py"), url, str(RATE)]
        with subprocess.Popen(command, env=self.world.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as load:
            try:
                self.assertEqual(load.stdout.readline(), "started\n")
                yield
            finally:
                output, _ = load.communicate()
        result = json.loads(output)
        self.assertEqual(result["failed"], {}, f"of {result['requests']} requests")
        self.assertGreater(result["requests"], RATE)

    def test_a_rollout_and_a_scale_down_fail_no_request(self):
        self.apply_ready(function("steady", NAMESPACE, image=sample_image(), replicas=2))
        with self.load_on("steady"):
            self.apply_ready(function("steady", NAMESPACE, image=sample_image(), replicas=2, env=[{"name": "CHANGED", "value": "1"}]))
            self.world.kubectl("scale", "function", "steady", "-n", NAMESPACE, "--replicas=1")
            until(lambda: len(self.pods("steady")) == 1, 90, "one instance is left", lambda: self.pods("steady"))

    def pods(self, name):
        return self.world.kubectl("get", "pods", "-n", NAMESPACE, "-l", f"faisca.dev/function={name}", "-o", "name").split()

    def test_an_upgrade_of_the_gateway_and_its_rollback_fail_no_request(self):
        self.apply_ready(function("served", NAMESPACE, image=sample_image()))
        revision = int(json.loads(self.world("helm", "history", "faisca", "-n", "faisca", "-o", "json"))[-1]["revision"])
        with self.load_on("served"):
            self.world("helm", "upgrade", "faisca", ROOT / "deploy/helm/faisca", "-n", "faisca", "--reset-then-reuse-values", "--wait", "--timeout", "3m",
                       "--set", "gateway.podAnnotations.changed=yes")
            self.assertEqual(self.gateway_annotations().get("changed"), "yes")
            self.world("helm", "rollback", "faisca", str(revision), "-n", "faisca", "--wait", "--timeout", "3m")
            self.assertNotIn("changed", self.gateway_annotations())

    def gateway_annotations(self):
        return self.world.get("deployment", "faisca-gateway", "-n", "faisca")["spec"]["template"]["metadata"].get("annotations", {})

    def test_another_operator_takes_over(self):
        lease = self.world.get("lease", "faisca-operator", "-n", "faisca")["spec"]["holderIdentity"]
        self.world.kubectl("delete", "pod", lease.partition("_")[0], "-n", "faisca", "--grace-period=0", "--force")
        self.world.apply(function("later", NAMESPACE, image=sample_image()))
        self.world.wait_ready("later", NAMESPACE)
        self.assertNotEqual(self.world.get("lease", "faisca-operator", "-n", "faisca")["spec"]["holderIdentity"], lease)

    def test_functions_survive_a_node(self):
        made = base64.b64encode(functions.compile_bpf(functions.CHECKSUM)).decode()
        self.apply_ready(function("wide", NAMESPACE, image=sample_image(), replicas=2))
        self.apply_ready(function("sum", NAMESPACE, offload={"convention": "mem", "object": {"inline": made}}))
        self.assertEqual(self.world.invoke(f"/function/sum.{NAMESPACE}", "Ada")[0], 200)
        device = self.status("sum")["offload"]["device"]
        node = device.partition("-")[0]
        number = node.removeprefix("node")
        self.world("node", "stop", number)
        try:
            until(lambda: self.status("sum").get("offload", {}).get("device") not in (None, "", device), 90, f"another device than {device} has the program",
                  lambda: self.status("sum"))
            self.world.wait_ready("sum", NAMESPACE)
            self.assertEqual(self.world.invoke(f"/function/sum.{NAMESPACE}", "Ada")[0], 200)
            self.assertEqual(self.world.invoke(f"/function/wide.{NAMESPACE}", "Ada"), (200, "Hello, Ada!\n"))
            last = self.heartbeat(device)
        finally:
            self.world("node", "start", number)
        until(lambda: self.heartbeat(device) != last, 90, f"{device} is back")

    def heartbeat(self, device):
        return self.world.get("offloaddevice", device)["status"]["lastHeartbeat"]


if __name__ == "__main__":
    unittest.main()
