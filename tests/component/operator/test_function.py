"""One operator on a real API server with its controllers, garbage collection included. There is no node: tests play the kubelet."""
import unittest

from api import ApiError
from operator_process import until
from world import World, condition


class Functions(World):
    def test_a_function_gets_its_children_and_answers_for_them(self):
        operator = self.operator()
        self.apply("hello")
        deployment, service = self.await_child("deployments", "hello"), self.await_child("services", "hello")
        owner = self.get("functions", "hello")["metadata"]["uid"]
        for child in (deployment, service):
            self.assertEqual(child["metadata"]["ownerReferences"][0]["uid"], owner)
            self.assertEqual(child["metadata"]["labels"]["faisca.dev/function"], "hello")
        self.assertEqual(service["spec"]["clusterIP"], "None")
        self.await_reason("hello", "Unschedulable")  # there is no node
        self.make_ready("hello", 1)
        self.await_reason("hello", "InstancesReady")
        status = self.get("functions", "hello")["status"]
        self.assertEqual((status["replicas"], status["readyReplicas"], status["observedGeneration"]), (1, 1, 1))
        self.assertEqual(status["url"], f"http://gateway.{self.space}/function/hello.{self.space}")
        self.assertEqual(condition({"status": status}, "Degraded")["status"], "False")
        until(lambda: self.api.list("endpointslices", self.space, labelSelector="faisca.dev/function=hello"),
              "the slices, by which the gateway finds instances, carry the function's label")
        self.assertEqual(operator.stop(), 0)

    def test_pods_pass_the_restricted_pod_security_standard(self):
        self.api.merge("namespaces", "", self.space, {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}})
        self.operator()
        self.apply("hello", secrets=["s"], configMaps=["c"])
        until(lambda: self.pods("hello"), lambda: f"the pod is admitted: {self.get('deployments', 'hello')['status']}")

    def test_an_instance_that_fails_is_told_with_its_reason(self):
        self.operator()
        self.apply("hello")
        self.set_pods("hello", 1, phase="Pending", conditions=[{"type": "PodScheduled", "status": "True"}], containerStatuses=[
            {"name": "function", "image": "registry.example/hello:1", "imageID": "", "ready": False, "restartCount": 0,
             "state": {"waiting": {"reason": "ErrImagePull", "message": "not found"}}}])
        told = self.await_reason("hello", "ImagePullBackOff")
        self.assertEqual(told["message"], "the image registry.example/hello:1 cannot be had: not found")
        self.await_event("hello", "ImagePullBackOff", "Warning")
        self.make_ready("hello", 1)
        self.await_reason("hello", "InstancesReady")
        self.await_event("hello", "Recovered", "Normal")

    def await_event(self, name, reason, kind):
        def found():
            return [e for e in self.api.list("events", self.space) if e["regarding"]["name"] == name and e["reason"] == reason]
        self.assertEqual(until(found, f"no event {reason}")[0]["type"], kind)

    def test_inline_code_needs_its_runtime_and_follows_it(self):
        self.operator()
        runtime = f"python-{self.space}"
        self.addCleanup(self.api.delete, "runtimes", "", runtime)
        self.apply("greet", image=None, source={"runtime": runtime, "inline": "print(1)"})
        self.assertIn(f'there is no Runtime "{runtime}"', self.await_reason("greet", "RuntimeNotFound")["message"])
        self.assertIsNone(self.get("deployments", "greet"))
        spec = {"image": "python:1", "file": "handler.py", "command": ["python3", "handler.py"]}
        self.api.create("runtimes", "", {"apiVersion": "faisca.dev/v1alpha1", "kind": "Runtime", "metadata": {"name": runtime}, "spec": spec})
        self.assertEqual(self.await_child("configmaps", "greet-code")["data"], {"handler.py": "print(1)"})
        self.api.merge("runtimes", "", runtime, {"spec": {"image": "python:2"}})
        until(lambda: self.image("greet") == "python:2", "the Deployment has the runtime's new image")

    def image(self, name):
        deployment = self.get("deployments", name)
        return deployment and deployment["spec"]["template"]["spec"]["containers"][0]["image"]

    def test_a_change_replaces_children_and_removes_those_not_wanted_any_more(self):
        self.operator()
        runtime = f"python-{self.space}"
        self.addCleanup(self.api.delete, "runtimes", "", runtime)
        self.api.create("runtimes", "", {"apiVersion": "faisca.dev/v1alpha1", "kind": "Runtime", "metadata": {"name": runtime},
                                         "spec": {"image": "python:1", "file": "h.py", "command": ["python3", "h.py"]}})
        self.apply("greet", image=None, source={"runtime": runtime, "inline": "print(1)"}, env=[{"name": "A", "value": "1"}])
        self.await_child("configmaps", "greet-code")
        until(lambda: self.image("greet") == "python:1", "the Deployment is there")
        self.apply("greet", image="registry.example/greet:2")
        until(lambda: self.image("greet") == "registry.example/greet:2", "the Deployment runs the image")
        self.await_gone("configmaps", "greet-code")
        names = [v["name"] for v in self.get("deployments", "greet")["spec"]["template"]["spec"]["containers"][0]["env"]]
        self.assertNotIn("A", names)

    def test_drift_is_repaired_and_what_others_add_is_left(self):
        operator = self.operator()
        self.apply("hello", replicas=0, scale={"min": 0})
        self.await_reason("hello", "ScaledToZero")
        before = operator.writes()
        self.api.merge("deployments", self.space, "hello", {"metadata": {"annotations": {"note": "mine"}}})
        self.api.merge("deployments", self.space, "hello", {"spec": {"replicas": 4, "template": {"spec": {"enableServiceLinks": True}}}})
        until(lambda: self.get("deployments", "hello")["spec"]["replicas"] == 0, "the replicas are set back")
        deployment = self.get("deployments", "hello")
        self.assertEqual(deployment["spec"]["template"]["spec"]["enableServiceLinks"], False)
        self.assertEqual(deployment["metadata"]["annotations"]["note"], "mine")
        uid = self.get("services", "hello")["metadata"]["uid"]
        self.api.delete("services", self.space, "hello")
        until(lambda: (self.get("services", "hello") or {}).get("metadata", {}).get("uid", uid) != uid, "the Service is made anew")
        self.await_reason("hello", "ScaledToZero")
        self.assertLess(operator.writes() - before, 8)

    def test_deleting_a_function_deletes_everything_of_it(self):
        self.operator()
        self.apply("hello")
        self.await_child("deployments", "hello")
        self.await_child("services", "hello")
        self.api.delete("functions", self.space, "hello")
        self.await_gone("deployments", "hello")
        self.await_gone("services", "hello")

    def test_a_function_made_anew_under_its_name_gets_children_of_its_own(self):
        self.operator()
        self.apply("hello", replicas=0, scale={"min": 0})
        self.await_reason("hello", "ScaledToZero")
        self.api.delete("functions", self.space, "hello")
        self.apply("hello", image="registry.example/hello:2", replicas=0, scale={"min": 0})
        uid = self.get("functions", "hello")["metadata"]["uid"]
        until(lambda: (self.get("deployments", "hello") or {"metadata": {"ownerReferences": [{"uid": ""}]}})["metadata"]["ownerReferences"][0]["uid"] == uid,
              "the Deployment is the new function's")
        self.await_reason("hello", "ScaledToZero")

    def test_what_is_not_ours_is_not_touched(self):
        self.operator()
        theirs = {"metadata": {"name": "hello"}, "spec": {"selector": {"app": "theirs"}, "ports": [{"port": 80}]}}
        before = self.api.create("services", self.space, theirs)
        self.apply("hello")
        self.assertIn("is there already and not this function's", self.await_reason("hello", "NameConflict")["message"])
        self.assertEqual(self.get("services", "hello")["metadata"]["resourceVersion"], before["metadata"]["resourceVersion"])
        self.assertIsNone(self.get("deployments", "hello"))
        self.await_event("hello", "NameConflict", "Warning")
        # Once it is gone the function comes to life: no change of the function tells the operator.
        self.api.delete("services", self.space, "hello")
        self.await_child("deployments", "hello")

    def test_a_suspended_function_says_so_and_comes_back(self):
        self.operator()
        self.apply("hello")
        self.make_ready("hello", 1)
        self.await_reason("hello", "InstancesReady")
        self.api.merge("functions", self.space, "hello", {"spec": {"suspended": True}})
        self.await_reason("hello", "Suspended")
        until(lambda: not self.pods("hello"), "no instance is left")
        self.await_event("hello", "Suspended", "Normal")
        self.api.merge("functions", self.space, "hello", {"spec": {"suspended": False}})
        until(lambda: len(self.pods("hello")) == 1, "an instance is back")

    def test_what_the_api_server_refuses_is_told(self):
        self.operator()
        # The schema lets any affinity through; the Deployment's does not.
        self.apply("hello", pod={"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 500}]}}})
        self.assertIn("weight", self.await_reason("hello", "Refused")["message"])
        self.apply("hello")
        self.await_child("deployments", "hello")

    def test_a_quota_is_told_and_its_end_too(self):
        quota = {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
        self.api.create("resourcequotas", self.space, quota)
        until(lambda: self.get("resourcequotas", "none").get("status", {}).get("hard"), "the quota is in force")
        self.operator()
        self.apply("hello")
        self.assertIn("exceeded quota", self.await_reason("hello", "FailedCreate")["message"])
        self.api.delete("resourcequotas", self.space, "none")

    def test_a_namespace_may_go_while_functions_are_made(self):
        operator = self.operator()
        for i in range(40):
            self.apply(f"f{i:02}", replicas=0)
        self.api.delete("namespaces", "", self.space)
        until(lambda: self.api.get("namespaces", "", self.space) is None, "the namespace goes", 120)
        self.assertIsNone(operator.process.poll(), operator.said())
        self.assertEqual([line for line in operator.lines() if line["level"] == "error"], [])

    def test_rolling_updates_keep_the_old_instances_until_new_ones_are_ready(self):
        self.operator()
        self.apply("hello", replicas=2)
        self.make_ready("hello", 2)
        self.await_reason("hello", "InstancesReady")
        old = {pod["metadata"]["name"] for pod in self.pods("hello")}
        self.apply("hello", replicas=2, image="registry.example/hello:2")
        until(lambda: len(self.pods("hello")) == 3, "one more than wanted")
        self.assertLess(old, {pod["metadata"]["name"] for pod in self.pods("hello")})
        self.await_reason("hello", "CarryingOut", "Progressing")
        for _ in range(3):
            until(lambda: [p for p in self.pods("hello") if not p.get("status", {}).get("conditions") or p["metadata"]["name"] not in old], "new pods")
            for pod in self.pods("hello"):
                if pod["metadata"]["name"] not in old:
                    try:
                        self.api.merge("pods", self.space, pod["metadata"]["name"],
                                       {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}, "status")
                    except ApiError as error:
                        self.assertEqual(error.status, 404)
            if condition(self.get("functions", "hello"), "Progressing").get("reason") == "Settled":
                break
            until(lambda: len({p["metadata"]["name"] for p in self.pods("hello")} - old) >= 2, "the second new one comes")
        self.await_reason("hello", "Settled", "Progressing")
        self.assertFalse(old & {pod["metadata"]["name"] for pod in self.pods("hello")})

    def test_metrics_and_probes_answer(self):
        operator = self.operator()
        until(operator.leads, "it leads")
        until(lambda: operator.http("/readyz")[0] == 200, "it is ready")
        self.assertEqual(operator.http("/healthz")[0], 200)
        self.apply("hello")
        self.await_child("deployments", "hello")
        metrics = operator.metrics()
        self.assertEqual(metrics['faisca_operator_functions'], 1)
        self.assertGreaterEqual(metrics['faisca_operator_reconciles_total{result="done"}'], 1)
        self.assertEqual(metrics['faisca_operator_writes_total{outcome="ok",resource="services",verb="patch"}'], 1)


class OpenFaas(World):
    DEFINITION = "functions.openfaas.com"

    def setUp(self):
        super().setUp()
        from test_crd import ROOT
        self.api.kubectl("apply", "--server-side", "-f", ROOT / "api/openfaas/functions.yaml")
        self.api.kubectl("wait", "--for=condition=Established", f"crd/{self.DEFINITION}", "--timeout=60s")

    def test_functions_of_openfaas_are_served_when_that_is_switched_on(self):
        self.operator("--openfaas", "true")
        path = f"/apis/openfaas.com/v1/namespaces/{self.space}/functions"
        self.api.call("POST", path, {"apiVersion": "openfaas.com/v1", "kind": "Function", "metadata": {"name": "env"}, "spec": {
            "name": "env", "image": "ghcr.io/openfaas/alpine:latest", "handler": "env", "labels": {"com.openfaas.scale.min": "2"}}})
        deployment = self.await_child("deployments", "env")
        self.assertEqual(deployment["metadata"]["ownerReferences"][0]["apiVersion"], "openfaas.com/v1")
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        self.assertIn({"name": "fprocess", "value": "env"}, container["env"])
        self.make_ready("env", 2)
        until(lambda: self.api.call("GET", f"{path}/env").get("status", {}).get("availableReplicas") == 2, "its status counts them")
        # The same name in both groups: the second one is told.
        self.apply("env")
        self.await_reason("env", "NameConflict")
        self.api.call("DELETE", f"{path}/env")
        until(lambda: (self.get("deployments", "env") or deployment)["metadata"]["ownerReferences"][0]["apiVersion"] == "faisca.dev/v1alpha1",
              "the other one takes its place")


if __name__ == "__main__":
    unittest.main()
