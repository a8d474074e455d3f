"""./dev cluster itself, without our chart: real pods on several nodes, and nothing left of it."""
import os
import signal
import subprocess
import tempfile
import time
import unittest

from tools import TOOLS, run
from world import of_its_own
from faisca_cluster.cluster import state_folder
from faisca_cluster.images import version
from faisca_cluster.wait import until

NAME = "faisca-own"
WEB = [{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
    "replicas": 4, "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}}, "spec": {
        "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule",
                                       "labelSelector": {"matchLabels": {"app": "web"}}}],
        "containers": [{"name": "web", "image": f"faisca.dev/runtime-bash:{version()}", "command": ["httpd"],
                        "args": ["-f", "-p", "8080", "-h", "/etc"],
                        "readinessProbe": {"httpGet": {"path": "/passwd", "port": 8080}, "periodSeconds": 1}}]}}}},
       {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 8080}]}}]


class ClusterTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = of_its_own(NAME)

    def setUp(self):
        self.world.try_("down")
        self.addCleanup(self.world, "down")

    def test_runs_pods_on_all_nodes_and_survives_the_loss_of_one(self):
        world = self.world
        built = run(TOOLS / "images", "--binaries", os.environ["FAISCA_BIN"], "--output", os.environ["FAISCA_IMAGES"], "runtime-bash")
        self.assertEqual(built.returncode, 0, built.stderr)
        world("up", "--nodes", "2")
        world("load", "runtime-bash")
        world.apply(*WEB)
        world.kubectl("rollout", "status", "deployment/web", "--timeout=60s")
        pods = world.get("pods", "-l", "app=web")["items"]
        self.assertEqual({pod["spec"]["nodeName"] for pod in pods}, {"node1", "node2"})
        address = world.get("service", "web")["spec"]["clusterIP"]
        # kube-proxy learns of a ready pod a little after the Deployment does.
        patience = ["--retry", "20", "--retry-delay", "1", "--retry-connrefused", "--max-time", "60"]
        for _ in range(8):  # by all pods in turn, those of the other node among them
            self.assertIn("faisca:x:10001", world("curl", "-s", *patience, f"http://{address}:8080/passwd"))
        pod = pods[0]["metadata"]["name"]
        self.assertIn("faisca", world.kubectl("exec", pod, "--", "cat", "/etc/passwd"))
        # Its containers come back with it.
        world("node", "stop", "1")
        self.assertIn("node1 kubelet                ended", world.try_("status").stdout)
        until(lambda: self.ready("node1") != "True", 60, "the cluster notices that node 1 is gone")
        world("node", "start", "1")
        self.assertEqual(self.ready("node1"), "True")
        self.assertEqual(world.try_("status").returncode, 0)

    def ready(self, node):
        conditions = self.world.get("node", node)["status"]["conditions"]
        return next(condition["status"] for condition in conditions if condition["type"] == "Ready")

    def test_a_second_start_takes_less_than_twenty_seconds_and_a_third_finds_it_running(self):
        self.world("up")
        self.world("down")
        self.assertEqual(self.world.traces(), [])
        started = time.monotonic()
        self.world("up")
        self.assertLess(time.monotonic() - started, 20)
        before = self.world.try_("status").stdout
        self.world("up")
        self.assertEqual(self.world.try_("status").stdout, before)
        refused = self.world.try_("up", "--nodes", "2")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("the cluster is running with 1 nodes, not 2", refused.stderr)

    def test_an_interrupted_start_leaves_nothing(self):
        for moment in ("settings.json", "etcd", "node1/mounted"):
            with self.subTest(moment), tempfile.TemporaryFile("w+") as output:
                folder = state_folder(NAME)
                starting = subprocess.Popen([TOOLS / "cluster", "up"], env=self.world.environment, stdout=output, stderr=output)
                until(lambda: (folder / moment).exists() or starting.poll() is not None, 60, f"{moment} is there", 0.01)
                starting.send_signal(signal.SIGINT)
                self.assertEqual(starting.wait(60), 130)
                self.assertEqual(self.world.traces(), [])

    def test_a_killed_start_is_cleaned_up_by_the_next(self):
        folder = state_folder(NAME)
        with subprocess.Popen([TOOLS / "cluster", "up"], env=self.world.environment, stderr=subprocess.DEVNULL) as starting:
            until(lambda: (folder / "node1/mounted").exists(), 60, "node 1 is being started", 0.01)
            starting.kill()
        self.world("up")
        self.assertEqual(self.world.try_("status").returncode, 0)

    def test_it_goes_with_the_process_it_was_started_for(self):
        with subprocess.Popen(["sleep", "1000"]) as owner:
            self.addCleanup(owner.kill)
            self.world("up", "--with", str(owner.pid))
            owner.kill()
        until(lambda: not self.world.traces(), 60, "nothing is left of the cluster")

    def test_says_what_is_wrong(self):
        for arguments, code, message in (
                (["nonsense"], 2, "no command 'nonsense'"), (["up", "--nodes", "0"], 2, "unexpected '--nodes 0'"), (["up", "3"], 2, "unexpected '3'"),
                (["node", "stop"], 2, "'stop N' or 'start N'"), (["curl"], 2, "takes a path"), (["url", "x"], 2, "unexpected 'x'"),
                (["status"], 1, "there is no cluster"), (["url"], 1, "there is no cluster"), (["kubectl", "get", "pods"], 1, "there is no cluster"),
                (["install"], 1, "there is no cluster"), (["run", "true"], 1, "there is no cluster"), (["node", "stop", "1"], 1, "there is no cluster")):
            with self.subTest(arguments):
                done = self.world.try_(*arguments)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertRegex(done.stderr, f"^error: .*{message}")
                self.assertIn("hint: ", done.stderr)


class NoClusterTest(unittest.TestCase):
    def test_a_bad_name_is_refused(self):
        done = subprocess.run([TOOLS / "cluster", "status"], env={**os.environ, "FAISCA_CLUSTER": "../x"}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("'../x' is no name for a cluster", done.stderr)


if __name__ == "__main__":
    unittest.main()
