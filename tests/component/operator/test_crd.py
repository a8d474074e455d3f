"""The definitions in api/crd on a real API server, the only judge of schemas and of the cost of rules."""
import copy
import json
import unittest
from pathlib import Path

from api import ApiError
from operator_process import until
from world import World, condition, function

ROOT = Path(__file__).resolve().parents[3]
ELF = "f0VMRg=="

# A spec that replaces the image's, and what the API server says to it.
REFUSED = [
    ({"image": None}, "give exactly one of image, source and offload"),
    ({"source": {"runtime": "bash", "inline": "x"}}, "give exactly one of image, source and offload"),
    ({"image": ""}, "spec.image in body should be at least 1 chars long"),
    ({"scale": {"min": 5, "max": 4}}, "scale.min is more than scale.max"),
    ({"scale": {"min": 30}}, "scale.min is more than scale.max"),
    ({"scale": {"min": -1}}, "spec.scale.min in body should be greater than or equal to 0"),
    ({"scale": {"max": 1001}}, "spec.scale.max in body should be less than or equal to 1000"),
    ({"scale": {"metric": "memory"}}, 'supported values: "inflight", "rps", "cpu", "queue"'),
    ({"replicas": -1}, "spec.replicas in body should be greater than or equal to 0"),
    ({"timeouts": {"exec": "soon"}}, "spec.timeouts.exec in body should match"),
    ({"maxBodyBytes": "much"}, "spec.maxBodyBytes in body should match"),
    ({"handler": {"mode": "afterburn"}}, 'supported values: "fork", "http", "streaming", "serializing", "static"'),
    ({"env": [{"name": "A=B"}]}, "spec.env[0].name in body should match"),
    ({"env": [{"name": "FAISCA_AGENT", "value": "x"}]}, "names that begin with FAISCA_ are set by the platform"),
    ({"env": [{"name": "A"}, {"name": "A"}]}, 'spec.env[1]: Duplicate value'),
    ({"env": [{"name": "A", "value": "x", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]},
     "value and valueFrom exclude each other"),
    ({"env": [{"name": "A", "valueFrom": {}}]}, "give exactly one of secretKeyRef and configMapKeyRef"),
    ({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"}}}]}, "spec.env[0].valueFrom.secretKeyRef.key: Required value"),
    ({"secrets": ["a", "a"]}, 'Duplicate value: "a"'),
    ({"resources": {"limits": {"memory": "lots"}}}, "spec.resources.limits.memory in body should match"),
    ({"pod": {"tolerations": [{"operator": "Maybe"}]}}, "spec.pod.tolerations[0].operator in body should match"),
    ({"image": None, "source": {"runtime": "bash"}}, "give exactly one of inline and configMapRef"),
    ({"image": None, "source": {"runtime": "bash", "inline": "x", "configMapRef": {"name": "c"}}}, "give exactly one of inline and configMapRef"),
    ({"image": None, "source": {"inline": "x"}}, "spec.source.runtime: Required value"),
    ({"image": None, "source": {"runtime": "c", "archive": {"url": "file:///x", "sha256": "a" * 64}}},
     "archives are read by the embedded platform only"),
    ({"image": None, "offload": {}}, "spec.offload.object: Required value"),
    ({"image": None, "offload": {"object": {"inline": "not base64!"}}}, 'spec.offload.object.inline in body must be of type byte'),
    ({"image": None, "offload": {"object": {"inline": ELF}, "ports": [0]}}, "ports belong to convention xdp"),
    ({"image": None, "offload": {"object": {"inline": ELF}, "budget": 0}}, "spec.offload.budget in body should be greater than or equal to 1"),
    ({"image": None, "offload": {"object": {"inline": ELF}}, "handler": {"command": ["x"]}}, "an offloaded program has no handler"),
    ({"imag": "x"}, 'unknown field "spec.imag"'),
]


class Definitions(World):
    def refusal(self, plural, space, body):
        with self.assertRaises(ApiError, msg=json.dumps(body["spec"])) as caught:
            self.api.create(plural, space, body, dryRun="All", fieldValidation="Strict")
        return caught.exception.message

    def test_functions_that_make_no_sense_are_refused_with_a_message(self):
        for spec, message in REFUSED:
            with self.subTest(message=message):
                self.assertIn(message, self.refusal("functions", self.space, function("f", **spec)))

    def test_names_that_no_service_could_have_are_refused(self):
        for name in ("1st", "a" * 64, "a.b"):
            with self.subTest(name=name):
                self.assertRegex(self.refusal("functions", self.space, function(name)), "beginning with a letter|may not be more than 63|Too long")

    def test_the_smallest_function_gets_its_defaults(self):
        made = self.api.create("functions", self.space, function("f"))
        spec = made["spec"]
        self.assertEqual(spec["scale"], {"min": 1, "max": 20, "metric": "inflight", "target": 50, "idle": "10m"})
        self.assertEqual(spec["timeouts"], {"exec": "30s", "read": "30s", "write": "30s"})
        self.assertEqual((spec["replicas"], spec["suspended"], spec["readOnlyRootFilesystem"]), (1, False, True))
        self.assertEqual(spec["handler"], {"mode": "fork"})

    def test_durations_and_sizes_may_be_numbers(self):
        self.api.create("functions", self.space, function("f", timeouts={"exec": 5}, maxBodyBytes=4096, resources={"limits": {"cpu": 1}}))

    def test_devices_stay_where_they_are(self):
        name = f"{self.space}-0"
        self.addCleanup(self.api.delete, "offloaddevices", "", name)
        body = {"apiVersion": "faisca.dev/v1alpha1", "kind": "OffloadDevice", "metadata": {"name": name}, "spec": {"node": "node1"}}
        self.api.create("offloaddevices", "", body)
        with self.assertRaises(ApiError) as caught:
            self.api.merge("offloaddevices", "", name, {"spec": {"node": "node2"}})
        self.assertIn("a device stays where it is", caught.exception.message)

    def test_programs_stay_with_their_function(self):
        body = {"apiVersion": "faisca.dev/v1alpha1", "kind": "OffloadProgram", "metadata": {"name": "p"},
                "spec": {"functionRef": {"name": "p"}, "object": {"inline": ELF}}}
        self.api.create("offloadprograms", self.space, body)
        with self.assertRaises(ApiError) as caught:
            self.api.merge("offloadprograms", self.space, "p", {"spec": {"functionRef": {"name": "q"}}})
        self.assertIn("a program stays with its function", caught.exception.message)

    def test_runtimes_need_image_file_and_command(self):
        body = {"apiVersion": "faisca.dev/v1alpha1", "kind": "Runtime", "metadata": {"name": "r"}, "spec": {}}
        message = self.refusal("runtimes", "", body)
        for field in ("image", "file", "command"):
            self.assertIn(f"spec.{field}: Required value", message)

    def test_kubectl_explains_every_field(self):
        for path in ("fn", "fn.spec.scale.min", "fn.spec.offload.object.inline", "fn.status.conditions", "fnrt.spec.file",
                     "fndev.status.engines", "fnprog.status.counters"):
            with self.subTest(path=path):
                text = self.api.kubectl("explain", path)
                self.assertIn("DESCRIPTION", text)
                self.assertNotIn("<empty>", text)

    def test_kubectl_scales_waits_and_prints(self):
        self.operator()
        self.apply("hello", scale={"min": 0})
        self.api.kubectl("-n", self.space, "scale", "fn", "hello", "--replicas=2")
        self.make_ready("hello", 2)
        self.api.kubectl("-n", self.space, "wait", "--for=condition=Ready", "fn/hello", "--timeout=60s")
        until(lambda: self.get("functions", "hello")["status"]["readyReplicas"] == 2, "two are ready")
        scale = self.api.get("functions", self.space, "hello", "scale")
        self.assertEqual((scale["spec"]["replicas"], scale["status"]["replicas"]), (2, 2))
        self.assertEqual(scale["status"]["selector"], "faisca.dev/function=hello")
        head, row = self.api.kubectl("-n", self.space, "get", "fn").splitlines()
        self.assertEqual(head.split(), ["NAME", "READY", "REPLICAS", "RUNTIME", "URL", "REASON", "AGE"])
        self.assertEqual(row.split()[:5], ["hello", "True", "2", "image", f"http://gateway.{self.space}/function/hello.{self.space}"])
        wide = self.api.kubectl("-n", self.space, "get", "fn", "-o", "wide").splitlines()[0].split()
        self.assertEqual(wide[-3:], ["IMAGE", "DEVICE", "MESSAGE"])
        self.assertIn("function.faisca.dev/hello", self.api.kubectl("-n", self.space, "get", "faisca", "-o", "name"))

    def test_a_horizontal_pod_autoscaler_can_read_and_set_the_scale(self):
        self.operator()
        self.apply("hello")
        target = {"apiVersion": "faisca.dev/v1alpha1", "kind": "Function", "name": "hello"}
        self.api.create("horizontalpodautoscalers", self.space, {"metadata": {"name": "hello"}, "spec": {
            "scaleTargetRef": target, "minReplicas": 3, "maxReplicas": 5,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}]}})
        # It has no metrics here, but it keeps the least number of replicas.
        until(lambda: self.get("functions", "hello")["spec"]["replicas"] == 3, "the autoscaler raises the replicas to its minimum")
        until(lambda: self.get("deployments", "hello")["spec"]["replicas"] == 3, "the Deployment follows")

    def test_definitions_are_upgraded_with_objects_present(self):
        """A newer definition knows one field more: objects stay, and the operator of before goes on serving them."""
        self.operator()
        self.apply("hello", scale={"min": 0}, replicas=0)
        self.await_reason("hello", "ScaledToZero")
        name = "functions.faisca.dev"
        before = self.api.get("customresourcedefinitions", "", name)
        spec = copy.deepcopy(before["spec"])
        properties = spec["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
        properties["future"] = {"type": "string", "default": "soon", "description": "Of a newer version."}
        self.api.merge("customresourcedefinitions", "", name, {"spec": spec})
        self.addCleanup(lambda: self.api.kubectl("apply", "--server-side", "--force-conflicts", "-f", ROOT / "api/crd/faisca.dev_functions.yaml"))
        until(lambda: self.get("functions", "hello")["spec"].get("future") == "soon", "the default of the new field shows")
        self.api.merge("functions", self.space, "hello", {"spec": {"replicas": 1}})
        until(lambda: self.get("deployments", "hello")["spec"]["replicas"] == 1, "the operator still serves it")
        self.assertNotEqual(condition(self.get("functions", "hello"), "Ready").get("reason"), "InvalidSpec")


if __name__ == "__main__":
    unittest.main()
