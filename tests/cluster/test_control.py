"""The control plane that tests run on: what it offers, and that it goes away with whoever it was started for."""
import json
import os
import shutil
import tempfile
import unittest
from pathlib import Path

from tools import TOOLS, Kubectl, run
from faisca_cluster.programs import Programs, start_time
from faisca_cluster.wait import until


def wait_gone(pids):
    until(lambda: all(start_time(pid) is None for pid in pids), 30, f"the processes {pids} have ended")


class SharedControlPlane(unittest.TestCase):
    def setUp(self):
        self.kubectl = Kubectl(os.environ["FAISCA_TEST_KUBECONFIG"])

    def test_is_the_kubernetes_it_was_built_from(self):
        self.assertIn('"gitVersion": "v1.33.', self.kubectl("get", "--raw", "/version"))

    def test_runs_the_controllers(self):
        self.kubectl("create", "namespace", "controllers")
        self.addCleanup(self.kubectl, "delete", "namespace", "controllers", "--wait=false")
        self.kubectl("-n", "controllers", "create", "deployment", "web", "--image=example.test/web", "--replicas=2")
        # Two pods, which the scheduler has looked at: there is no node for them.
        reason = '{.items[*].status.conditions[?(@.type=="PodScheduled")].reason}'
        until(lambda: self.kubectl("-n", "controllers", "get", "pods", "-o", f"jsonpath={reason}").split() == ["Unschedulable"] * 2, 60,
              "two pods exist and cannot be scheduled")

    def test_has_a_user_without_rights(self):
        tester = Kubectl(self.kubectl.folder / "tester.kubeconfig")
        refused = tester.try_("get", "secrets")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn('User "tester" cannot list resource "secrets"', refused.stderr)


class OwnControlPlane(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="faisca-control-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.addCleanup(self.control, "down")

    def control(self, *arguments):
        return run(TOOLS / "control", *arguments, "--dir", self.folder)

    def pids(self):
        return [record["pid"] for record in Programs(self.folder).records().values()]

    def test_its_api_server_can_be_cut_and_comes_back_with_its_objects(self):
        kubectl = Kubectl(self.control("up").stdout.strip())
        kubectl("create", "configmap", "kept", "--from-literal=a=b")
        self.assertEqual(self.control("stop", "kube-apiserver", "--kill").returncode, 0)
        self.assertIn("kube-apiserver           ended", self.control("status").stdout)
        self.assertIn("refused", kubectl.try_("get", "configmaps").stderr)
        self.assertEqual(self.control("start", "kube-apiserver").returncode, 0)
        self.assertEqual(self.control("status").returncode, 0)
        self.assertIn("kept", kubectl("get", "configmaps"))
        pids = self.pids()
        self.assertEqual(self.control("down").returncode, 0)
        wait_gone(pids)

    def test_it_ends_with_the_process_it_was_started_for(self):
        started = run("sh", "-c", '"$1" up --dir "$2" --with-parent >&2 && cat "$2/programs.json"', "sh", TOOLS / "control", self.folder)
        self.assertEqual(started.returncode, 0, started.stderr)
        wait_gone([record["pid"] for record in json.loads(started.stdout).values()])

    def test_it_says_what_is_missing(self):
        stopped = self.control("stop", "etcd")
        self.assertEqual(stopped.returncode, 1)
        self.assertIn(f"error: no control plane was started in {self.folder}", stopped.stderr)
        self.assertIn("hint: ", stopped.stderr)
        self.assertEqual(self.control("stop", "nothing").returncode, 2)


if __name__ == "__main__":
    unittest.main()
