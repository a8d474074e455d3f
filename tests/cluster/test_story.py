"""What a user does with Faisca on Kubernetes, on a cluster with real pods: the chart, the samples, the gateway, their trouble."""
import base64
import json
import sys
import unittest

from tools import ROOT
from world import SAMPLES, condition, function, of_fixture, sample_image, until

sys.path.append(str(ROOT / "tests/e2e"))
from support import functions  # noqa: E402

NAMESPACE = "story"
CHILDREN = "deployments,services,configmaps,offloadprograms,pods,endpointslices"

# Reads what lies below its stack.
OUTSIDE = '__attribute__((section("mem"), naked)) unsigned long outside(void) { __asm__ volatile("r0 = *(u64 *)(r10 - 520)\\n exit"); }'


class StoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = of_fixture()
        cls.world.kubectl("create", "namespace", NAMESPACE)
        cls.addClassCleanup(cls.world.kubectl, "delete", "namespace", NAMESPACE, "--timeout=60s")

    def apply_ready(self, *functions):
        self.world.apply(*functions)
        for one in functions:
            name = one["metadata"]["name"]
            self.addCleanup(self.world.kubectl, "delete", "function", name, "-n", NAMESPACE, "--ignore-not-found")
            self.world.wait_ready(name, NAMESPACE)

    def await_reason(self, name, reason):
        def reached():
            found = condition(self.world.function(name, NAMESPACE), "Ready")
            return found if (found.get("status"), found.get("reason")) == ("False", reason) else None
        return until(reached, 120, f"{name} is not ready because of {reason}", lambda: str(self.world.function(name, NAMESPACE).get("status")))

    def test_the_release_is_whole(self):
        workloads = self.world.get("deployments,daemonsets", "-n", "faisca")["items"]
        self.assertEqual({one["metadata"]["name"] for one in workloads}, {"faisca-gateway", "faisca-operator", "faisca-agent"})
        self.assertIn("STATUS: deployed", self.world("helm", "status", "faisca", "-n", "faisca"))
        self.assertIn("Phase:          Succeeded", self.world("helm", "test", "faisca", "-n", "faisca"))

    def test_the_samples_answer(self):
        self.addCleanup(self.world.kubectl, "delete", "-f", SAMPLES, "--ignore-not-found")
        self.world.kubectl("apply", "-f", SAMPLES)
        for name in ("hello", "greet", "hello-ebpf"):
            self.world.wait_ready(name, "default")
        self.assertEqual(self.world.invoke("/function/hello", "Ada"), (200, "Hello, Ada!\n"))
        self.assertEqual(self.world.invoke("/function/greet", "Ada"), (200, "Hello, Ada!\n"))
        self.assertEqual(self.world.invoke("/function/hello-ebpf.default", "Ada")[0], 200)
        listing = self.world.kubectl("get", "fn", "-n", "default").splitlines()
        self.assertEqual(listing[0].split(), ["NAME", "READY", "REPLICAS", "RUNTIME", "URL", "REASON", "AGE"])
        rows = {line.split()[0]: line.split() for line in listing[1:]}
        self.assertEqual(rows["greet"][1:4], ["True", "1", "python3"])
        self.assertIn("/function/greet", rows["greet"][4])
        offload = self.world.function("hello-ebpf", "default")["status"]["offload"]
        self.assertIn(offload["device"], {one["metadata"]["name"] for one in self.world.get("offloaddevices")["items"]})

    def test_a_missing_image_says_so_and_its_correction_heals(self):
        self.world.apply(function("lost", NAMESPACE, image="faisca.dev/hello:none"))
        self.addCleanup(self.world.kubectl, "delete", "function", "lost", "-n", NAMESPACE)
        found = self.await_reason("lost", "ImagePullBackOff")
        self.assertIn("faisca.dev/hello:none", found["message"])
        self.assertIn("ImagePullBackOff", self.world.kubectl("get", "fn", "lost", "-n", NAMESPACE))
        self.assertNotEqual(self.world.invoke("/function/lost.story", "Ada")[0], 200)
        image = sample_image()
        self.world.apply(function("lost", NAMESPACE, image=image))
        self.world.wait_ready("lost", NAMESPACE)
        self.assertEqual(self.world.invoke("/function/lost.story", "Ada"), (200, "Hello, Ada!\n"))

    def test_it_scales_and_tells_how_many_are_ready(self):
        self.apply_ready(function("many", NAMESPACE, image=sample_image()))
        self.world.kubectl("scale", "function", "many", "-n", NAMESPACE, "--replicas=3")
        until(lambda: self.world.function("many", NAMESPACE)["status"].get("readyReplicas") == 3, 60, "three instances are ready",
              lambda: str(self.world.function("many", NAMESPACE).get("status")))
        self.world.kubectl("scale", "function", "many", "-n", NAMESPACE, "--replicas=0")
        until(lambda: not self.world.get("pods", "-n", NAMESPACE, "-l", "faisca.dev/function=many")["items"], 90, "no instance is left")

    def test_an_autoscaler_can_steer_it(self):
        self.apply_ready(function("steered", NAMESPACE, image=sample_image()))
        self.world.kubectl("autoscale", "function/steered", "-n", NAMESPACE, "--min=2", "--max=3", "--cpu-percent=50")
        self.addCleanup(self.world.kubectl, "delete", "hpa", "steered", "-n", NAMESPACE)
        # Without a metrics server it keeps the bounds, which it does by the scale subresource.
        until(lambda: self.world.function("steered", NAMESPACE)["status"].get("readyReplicas") == 2, 90, "two instances are ready",
              lambda: self.world.get("hpa", "steered", "-n", NAMESPACE)["status"])

    def test_kubectl_explains_the_fields(self):
        self.assertIn("Container image", self.world.kubectl("explain", "fn.spec.image"))

    def test_children_of_a_deleted_function_go_with_it(self):
        self.apply_ready(function("gone", NAMESPACE, source={"runtime": "bash", "inline": "cat"}))
        self.assertTrue(self.children("gone"))
        self.world.kubectl("delete", "function", "gone", "-n", NAMESPACE)
        until(lambda: not self.children("gone"), 90, "the children are gone", lambda: str(self.children("gone")))
        self.assertEqual(self.world.invoke("/function/gone.story", "")[0], 404)

    def children(self, name):
        return self.world.kubectl("get", CHILDREN, "-n", NAMESPACE, "-l", f"faisca.dev/function={name}", "-o", "name").split()

    def test_what_somebody_changed_is_repaired(self):
        self.apply_ready(function("kept", NAMESPACE, image=sample_image()))
        self.world.kubectl("delete", "service", "kept", "-n", NAMESPACE)
        self.world.kubectl("set", "image", "deployment/kept", "*=faisca.dev/other:1", "-n", NAMESPACE)

        def repaired():
            deployment = self.world.get("deployment", "kept", "-n", NAMESPACE)
            service = self.world.try_("kubectl", "get", "service", "kept", "-n", NAMESPACE).returncode == 0
            return service and deployment["spec"]["template"]["spec"]["containers"][0]["image"] == sample_image()

        until(repaired, 60, "Service and image are as the Function says")

    def test_a_suspended_function_says_so(self):
        self.apply_ready(function("idle", NAMESPACE, image=sample_image()))
        self.world.apply(function("idle", NAMESPACE, image=sample_image(), suspended=True))
        self.await_reason("idle", "Suspended")
        until(lambda: not self.world.get("pods", "-n", NAMESPACE, "-l", "faisca.dev/function=idle")["items"], 90, "no instance is left")

    def test_bytecode_that_does_not_verify_is_refused_with_the_instruction(self):
        made = base64.b64encode(functions.compile_bpf(OUTSIDE)).decode()
        refused = self.world.try_("kubectl", "apply", "-f", "-", input=json.dumps(function("bad", NAMESPACE, offload={"convention": "mem", "object": {"inline": made}})))
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertIn("instruction 0 (`r0 = *(u64 *)(r10 - 520)`): stack access out of bounds", refused.stderr)

    def test_pods_are_restricted(self):
        self.world.kubectl("label", "namespace", NAMESPACE, "pod-security.kubernetes.io/enforce=restricted")
        self.addCleanup(self.world.kubectl, "label", "namespace", NAMESPACE, "pod-security.kubernetes.io/enforce-")
        self.apply_ready(function("safe", NAMESPACE, source={"runtime": "bash", "inline": "id -u; touch /x 2>&1 | grep -c Read-only; touch /tmp/x && echo fine"}))
        status, text = self.world.invoke("/function/safe.story", "")
        self.assertEqual((status, text.split()), (200, ["10001", "1", "fine"]))


if __name__ == "__main__":
    unittest.main()
