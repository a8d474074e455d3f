"""The chart's release on a cluster with real pods: taken away and brought back, confined to namespaces, rolled back."""
import json
import unittest

from world import SAMPLES, function, of_fixture, sample_image, until

INSIDE, OUTSIDE = "inside", "outside"


class ReleaseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = of_fixture()
        for namespace in (INSIDE, OUTSIDE):
            cls.world.kubectl("create", "namespace", namespace)
            cls.addClassCleanup(cls.world.kubectl, "delete", "namespace", namespace, "--timeout=60s")

    def instances(self):
        return sorted(one["metadata"]["uid"] for one in self.world.get("pods", "-n", "default", "-l", "faisca.dev/function")["items"])

    def answers(self, path):
        until(lambda: self.world.invoke(path, "Ada")[0] == 200, 60, f"{path} answers", lambda: self.world.invoke(path, "Ada"))

    def test_functions_outlive_the_platform(self):
        self.world.kubectl("apply", "-f", SAMPLES)
        self.addCleanup(self.world.kubectl, "delete", "-f", SAMPLES)
        names = ("hello", "greet", "hello-ebpf")
        for name in names:
            self.world.wait_ready(name, "default")
        before = self.instances()
        try:
            self.world("helm", "uninstall", "faisca", "-n", "faisca", "--wait", "--timeout", "2m")
            self.assertEqual(before, self.instances())
        finally:
            self.world("install")
        for name in names:
            self.answers(f"/function/{name}")
        self.assertEqual(before, self.instances())

    def test_confined_to_namespaces_and_rolled_back(self):
        revision = json.loads(self.world("helm", "history", "faisca", "-n", "faisca", "-o", "json"))[-1]["revision"]
        self.world("install", "--set", f"watchNamespaces={{{INSIDE}}}", "--set", f"functionNamespace={INSIDE}", "--set", "gateway.service.type=NodePort")
        self.world.apply(function("hello", INSIDE, image=sample_image()), function("hello", OUTSIDE, image=sample_image()))
        self.answers("/function/hello")
        self.assertEqual(404, self.world.invoke(f"/function/hello.{OUTSIDE}", "Ada")[0])
        self.assertEqual([INSIDE], json.loads(self.world("curl", "/system/namespaces", "-sS")))
        self.assertEqual([], self.world.get("deployments", "-n", OUTSIDE)["items"])
        service = self.world.get("service", "gateway", "-n", "faisca")
        node = self.world.get("nodes")["items"][0]["status"]["addresses"][0]["address"]
        self.assertEqual("OK\n", self.world("run", "curl", "-sS", f"http://{node}:{service['spec']['ports'][0]['nodePort']}/healthz"))

        self.world("helm", "rollback", "faisca", str(revision), "-n", "faisca", "--wait", "--timeout", "3m")
        self.answers(f"/function/hello.{OUTSIDE}")


if __name__ == "__main__":
    unittest.main()
