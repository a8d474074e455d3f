"""The operator while the control plane itself fails, and with a thousand functions: on a control plane of its own."""
import json
import signal
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import world
from operator_process import until
from test_crd import ROOT
from world import function

MANY = 1000
CONTROL = Path(world.KUBECONFIG).parent / "control"


class Outages(world.World):
    def setUp(self):
        self.plane = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.addCleanup(self.control, "down")
        self.control("up", "--with-parent", "--apply", ROOT / "api/crd")
        self.kubeconfig = self.plane / "admin.kubeconfig"
        super().setUp()

    def control(self, *arguments):
        subprocess.run([CONTROL, *map(str, arguments), "--dir", self.plane], check=True, stdout=subprocess.DEVNULL, timeout=600)

    def test_the_api_server_may_be_killed_and_come_back(self):
        operator = self.operator()
        self.apply("a", replicas=0, scale={"min": 0})
        self.await_reason("a", "ScaledToZero")
        self.control("stop", "kube-apiserver", "--kill")
        self.control("start", "kube-apiserver")
        self.apply("b", replicas=0, scale={"min": 0})
        if operator.process.poll() is not None:  # it lost its lease meanwhile; the kubelet would start it again
            self.assertEqual(operator.process.returncode, 1, operator.said())
            self.operator()
        self.await_reason("b", "ScaledToZero")
        self.assertEqual(self.get("deployments", "a")["metadata"]["generation"], 1)

    def test_a_store_that_hangs_delays_and_breaks_nothing(self):
        operator = self.operator("--leader-election", "false")
        self.apply("a", replicas=0, scale={"min": 0})
        self.await_reason("a", "ScaledToZero")
        pid = self.pid_of("etcd")
        try:
            subprocess.run(["kill", f"-{signal.SIGSTOP.value}", str(pid)], check=True)
            with self.assertRaises(Exception):
                operator.process.wait(timeout=5)  # it goes on
        finally:
            subprocess.run(["kill", f"-{signal.SIGCONT.value}", str(pid)], check=True)
        self.apply("b", replicas=0, scale={"min": 0})
        self.await_reason("b", "ScaledToZero")

    def pid_of(self, name):
        return json.loads((self.plane / "programs.json").read_text())[name]["pid"]

    def test_a_thousand_functions_at_once_get_all_they_need_and_then_nothing_is_written(self):
        operator = self.operator()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda i: self.api.create("functions", self.space, function(f"f{i:04}", replicas=0, scale={"min": 0})), range(MANY)))
        def ready():
            return sum(1 for f in self.api.list("functions", self.space) if f.get("status", {}).get("conditions", [{}])[0].get("reason") == "ScaledToZero")
        until(lambda: ready() == MANY, lambda: f"{ready()} of {MANY} are ready", 400)
        self.assertEqual(len(self.api.list("deployments", self.space)), MANY)
        self.assertEqual(len(self.api.list("services", self.space)), MANY)
        self.assertEqual(operator.child_writes(), 2 * MANY)
        self.assertLess(operator.rss_mib(), 100)
        until(lambda: operator.metrics()["faisca_operator_queue_depth"] == 0, "nothing waits")
        before = operator.writes()
        with self.assertRaises(subprocess.TimeoutExpired):
            operator.process.wait(timeout=10)
        self.assertEqual(operator.writes(), before, "nothing changes, nothing is written")


if __name__ == "__main__":
    unittest.main()
