"""The programs of a release against a real API server, each with exactly the rights that the chart gives its account. There is no
node: Deployments stay without pods."""
import json
import os
import unittest

import server
from running import Release, until
from server import SAMPLES, Server, get, kubectl

BINARIES = os.environ["FAISCA_BIN"]
NODE = "node1"


class Running(Server):
    def release(self, *arguments):
        return self.enterContext(Release(BINARIES, "--set", "webhook.enabled=false", *arguments))

    def run_program(self, program, ready=None):
        self.enterContext(program)
        if ready:
            program.await_ready(ready)
        # Before it is stopped, which it may say in other words.
        self.addCleanup(self.check_log, program)
        return program

    def check_log(self, program):
        """What a right is missing for is "forbidden" in the API server's words."""
        self.assertNotRegex(program.log(), "(?i)forbidden")


class Operator(Running):
    def test_it_does_all_it_does_with_its_rights(self):
        release = self.release()
        self.run_program(release.operator(), "/readyz")
        until("the Runtimes are applied", lambda: {"bash", "node", "python3"} == {item["metadata"]["name"] for item in get("runtimes.faisca.dev")["items"]})
        kubectl("apply", "-f", SAMPLES / "hello.yaml", "-f", SAMPLES / "greet.yaml")
        until("the children exist", lambda: kubectl("get", "deployment/hello", "deployment/greet", "service/hello", "configmap/greet-code",
                                                    check=False).returncode == 0)
        until("the status is written", lambda: all(item.get("status", {}).get("conditions") for item in get("fn")["items"]))
        self.assertEqual("http://gateway.faisca/function/greet", get("fn", "greet")["status"]["url"])
        self.assertIn("runtime-python3", json.dumps(get("deployment", "greet")["spec"]))
        uid = get("fn", "greet")["metadata"]["uid"]  # events of earlier tests are still there
        until("an event is written", lambda: [event for event in get("events.events.k8s.io", "-n", "default")["items"]
                                              if event["regarding"].get("uid") == uid])
        lease = get("-n", "faisca", "lease", "faisca-operator")
        self.assertTrue(lease["spec"]["holderIdentity"])
        kubectl("delete", "service", "hello")
        until("drift is repaired", lambda: kubectl("get", "service/hello", check=False).returncode == 0)
        # Inline code gone: its ConfigMap has to be deleted.
        kubectl("replace", "-f", "-", text=json.dumps({"apiVersion": "faisca.dev/v1alpha1", "kind": "Function", "metadata": {"name": "greet"},
                                                       "spec": {"image": "faisca.dev/hello:0.1.0"}}))
        until("what is no longer wanted is deleted", lambda: kubectl("get", "configmap/greet-code", check=False).returncode != 0)

    def test_in_named_namespaces_it_serves_these_and_no_other(self):
        release = self.release("--set", "watchNamespaces={team-a}", "--set", "functionNamespace=team-a")
        self.run_program(release.operator(), "/readyz")
        for where in ("team-a", "team-b"):
            kubectl("apply", "-n", where, "-f", SAMPLES / "hello.yaml")
        until("team-a is served", lambda: get("-n", "team-a", "fn", "hello").get("status", {}).get("conditions"))
        self.assertEqual([], get("-n", "team-b", "deployments")["items"])


class Webhook(Running):
    def test_the_authority_survives_an_upgrade(self):
        release = self.enterContext(Release(BINARIES))
        self.run_program(release.operator(), "/readyz")

        def bundle():
            return get("validatingwebhookconfigurations", "faisca")["webhooks"][0]["clientConfig"].get("caBundle")

        first = until("the operator puts its authority in", bundle)
        self.assertTrue(get("-n", "faisca", "secret", "faisca-webhook-tls")["data"])
        server.upgrade("--set", "gateway.replicas=3")
        self.assertEqual(first, bundle())


class Gateway(Running):
    def test_it_does_all_it_does_with_its_rights(self):
        release = self.release("--set", "gateway.secretNamespaces={default}")
        gateway = self.run_program(release.gateway(), "/healthz")
        deployment = json.dumps({"service": "hello", "image": "faisca.dev/hello:0.1.0"}).encode()
        for method, path, body in (
                ("POST", "/system/functions", deployment), ("PUT", "/system/functions", deployment), ("GET", "/system/functions", None),
                ("GET", "/system/function/hello", None), ("GET", "/system/namespaces", None), ("GET", "/system/logs?name=hello", None),
                ("POST", "/system/scale-function/hello", b'{"serviceName": "hello", "replicas": 2}'),
                ("POST", "/system/secrets", b'{"name": "key", "value": "x"}'), ("PUT", "/system/secrets", b'{"name": "key", "value": "y"}'),
                ("GET", "/system/secrets", None), ("DELETE", "/system/secrets", b'{"name": "key"}'),
                ("DELETE", "/system/functions", b'{"functionName": "hello"}')):
            with self.subTest(f"{method} {path}"):
                status, text = gateway.ask(path, method, body)
                self.assertIn(status, (200, 202), text)

    def test_secrets_are_refused_where_the_values_do_not_allow_them(self):
        release = self.release()
        gateway = self.enterContext(release.gateway())
        gateway.await_ready("/healthz")
        status, text = gateway.ask("/system/secrets")
        self.assertEqual(403, status, text)

    def test_in_named_namespaces_it_serves_these_and_no_other(self):
        release = self.release("--set", "watchNamespaces={team-a}", "--set", "functionNamespace=team-a")
        gateway = self.run_program(release.gateway(), "/healthz")
        for where in ("team-a", "team-b"):
            kubectl("apply", "-n", where, "-f", SAMPLES / "hello.yaml")
        until("team-a's function is listed", lambda: json.loads(gateway.ask("/system/functions")[1]))
        self.assertEqual(["team-a"], json.loads(gateway.ask("/system/namespaces")[1]))


class DevicePlugin(Running):
    def test_it_does_all_it_does_with_its_rights(self):
        server.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": NODE}})
        self.addCleanup(kubectl, "delete", "node", NODE)
        release = self.release()
        self.run_program(release.agent())
        self.run_program(release.device_plugin(NODE), "/readyz")
        device = until("the device is announced", lambda: get("offloaddevices")["items"])[0]
        self.assertEqual(NODE, device["metadata"]["ownerReferences"][0]["name"])
        status = until("its status is written", lambda: get("offloaddevices")["items"][0].get("status"))
        self.assertEqual(8 * status["engines"], status["slots"])
        self.run_program(release.operator(), "/readyz")
        kubectl("apply", "-f", SAMPLES / "hello-ebpf.yaml")
        until("the function is placed on it", lambda: get("fn", "hello-ebpf").get("status", {}).get("offload", {}).get("device"))


if __name__ == "__main__":
    unittest.main()
