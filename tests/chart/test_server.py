"""The chart on a real API server (no node: nothing runs)."""
import base64
import json
import shutil
import tempfile
import unittest
from pathlib import Path

import helm
from server import HERE, SAMPLES, Server, get, kubectl, namespace, on_server, upgrade
from workloads import pods

APIS = ("--api-versions", "monitoring.coreos.com/v1", "--api-versions", "openfaas.com/v1")
CASES = sorted((HERE / "values").glob("*.yaml"))
BUNDLE = base64.b64encode(b"-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n").decode()


class Objects(Server):
    def test_the_api_server_takes_every_object_as_it_is(self):
        """Strict: an unknown or doubled field anywhere is an error."""
        for file in CASES:
            with self.subTest(file.stem):
                text = helm.template(*APIS, "-f", file, "--no-hooks").stdout
                done = kubectl("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-", text=text)
                self.assertNotIn("Warning", done.stderr)

    def test_the_control_plane_runs_in_a_restricted_namespace(self):
        namespace("restricted", **{"pod-security.kubernetes.io/enforce": "restricted"})
        for name, _, template in pods(helm.render(*APIS, "-f", HERE / "values/everything.yaml")):
            kubectl("-n", "restricted", "create", "serviceaccount", template["spec"]["serviceAccountName"], check=False)
            template["spec"].pop("priorityClassName", None)
            pod = {"apiVersion": "v1", "kind": "Pod", **template, "metadata": {"name": name, "namespace": "restricted"}}
            done = kubectl("create", "--dry-run=server", "-f", "-", text=json.dumps(pod), check=False)
            if name == "faisca-agent":  # as it says of itself
                self.assertIn("hostPath", done.stderr)
            else:
                self.assertEqual(0, done.returncode, done.stderr)

    def test_the_samples_are_taken(self):
        upgrade("--set", "webhook.enabled=false")
        kubectl("apply", "--validate=strict", "-f", SAMPLES)
        self.assertEqual({"greet", "hello", "hello-ebpf"}, {item["metadata"]["name"] for item in get("fn")["items"]})

    def test_only_offloaded_functions_need_the_webhook(self):
        upgrade()
        kubectl("apply", "-f", SAMPLES / "hello.yaml", "-f", SAMPLES / "greet.yaml")
        refused = kubectl("apply", "-f", SAMPLES / "hello-ebpf.yaml", check=False)
        self.assertIn("functions.faisca.dev", refused.stderr)


class Life(Server):
    """Install, upgrade, roll back, uninstall, with objects present."""

    def webhook(self):
        return get("validatingwebhookconfigurations", "faisca")["webhooks"][0]

    def deployment(self, name):
        return get("-n", "faisca", "deployment", name)

    def put_bundle(self):
        """As the operator does it."""
        kubectl("apply", "--server-side", "--field-manager=faisca-operator", "-f", "-", text=json.dumps({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "faisca"},
            "webhooks": [{"name": "functions.faisca.dev", "clientConfig": {"caBundle": BUNDLE}, "sideEffects": "None",
                          "admissionReviewVersions": ["v1"]}]}))

    def newer_chart(self):
        """A copy whose definitions know one more field."""
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        chart = folder / "faisca"
        shutil.copytree(helm.CHART, chart)
        file = chart / "files/crds/faisca.dev_runtimes.yaml"
        old = file.read_text()
        new = old.replace("                file:\n", "                note:\n                  type: string\n                  description: New.\n                file:\n", 1)
        self.assertNotEqual(old, new)
        file.write_text(new)
        return chart

    def test_objects_survive_upgrade_rollback_and_uninstall(self):
        upgrade("--set", "gateway.replicas=2")
        self.put_bundle()
        kubectl("apply", "-f", SAMPLES / "hello.yaml")
        uid = get("fn", "hello")["metadata"]["uid"]
        schema = ["crd", "runtimes.faisca.dev"]

        upgrade("--set", "gateway.replicas=3", chart=self.newer_chart())
        self.assertEqual(3, self.deployment("faisca-gateway")["spec"]["replicas"])
        self.assertIn('"note"', json.dumps(get(*schema)["spec"]), "the definition is not upgraded")
        self.assertEqual(BUNDLE, self.webhook()["clientConfig"]["caBundle"], "the upgrade lost the authority")

        on_server("rollback", "1", "--wait=hookOnly")
        self.assertEqual(2, self.deployment("faisca-gateway")["spec"]["replicas"])
        self.assertNotIn('"note"', json.dumps(get(*schema)["spec"]))
        self.assertEqual(BUNDLE, self.webhook()["clientConfig"]["caBundle"], "the roll-back lost the authority")
        self.assertEqual(uid, get("fn", "hello")["metadata"]["uid"])

        on_server("uninstall", "--wait=hookOnly")
        self.assertEqual(uid, get("fn", "hello")["metadata"]["uid"], "uninstalling deleted the functions")
        self.assertEqual([], get("-n", "faisca", "deployments,daemonsets,services,configmaps", "-l", "app.kubernetes.io/part-of=faisca")["items"])
        self.assertEqual([], get("clusterroles,clusterrolebindings,validatingwebhookconfigurations", "-l", "app.kubernetes.io/part-of=faisca")["items"])

        upgrade()
        self.assertEqual(uid, get("fn", "hello")["metadata"]["uid"])

    def test_a_second_upgrade_changes_nothing(self):
        upgrade()
        before = [item["metadata"]["generation"] for item in get("-n", "faisca", "deployments,daemonsets")["items"]]
        upgrade()
        self.assertEqual(before, [item["metadata"]["generation"] for item in get("-n", "faisca", "deployments,daemonsets")["items"]])

    def test_changed_runtimes_restart_the_operator(self):
        upgrade()
        before = self.deployment("faisca-operator")["metadata"]["generation"]
        upgrade("--set", "runtimes.node.image=other")
        self.assertLess(before, self.deployment("faisca-operator")["metadata"]["generation"])

    def test_without_keep_the_definitions_go(self):
        upgrade("--set", "crds.keep=false")
        on_server("uninstall", "--wait=hookOnly")
        kubectl("wait", "--for=delete", "crd/functions.faisca.dev", "--timeout=30s")


class Rights(Server):
    """Role-based access control is asked, not read."""

    def can(self, component, verb, resource, *where):
        return kubectl("auth", "can-i", verb, resource, *where, f"--as=system:serviceaccount:faisca:faisca-{component}", check=False).stdout.strip() == "yes"

    def check(self, table):
        for component, allowed, verb, resource, *where in table:
            with self.subTest(f"{component} {verb} {resource} {where}"):
                self.assertEqual(allowed, self.can(component, verb, resource, *where))

    def test_components_can_what_they_do_and_no_more(self):
        upgrade()
        self.check([
            ("gateway", True, "watch", "functions.faisca.dev", "-A"),
            ("gateway", True, "patch", "functions.faisca.dev", "--subresource=scale", "-n", "default"),
            ("gateway", True, "list", "endpointslices.discovery.k8s.io", "-A"),
            ("gateway", True, "get", "pods", "--subresource=log", "-n", "default"),
            ("gateway", False, "patch", "functions.faisca.dev", "--subresource=status", "-n", "default"),
            ("gateway", False, "create", "deployments.apps", "-n", "default"),
            ("gateway", False, "get", "secrets", "-n", "default"),
            ("gateway", False, "get", "nodes"),
            ("operator", True, "patch", "functions.faisca.dev", "--subresource=status", "-n", "default"),
            ("operator", True, "create", "deployments.apps", "-n", "default"),
            ("operator", True, "update", "functions.faisca.dev", "--subresource=finalizers", "-n", "default"),
            ("operator", True, "watch", "runtimes.faisca.dev"),
            ("operator", True, "patch", "validatingwebhookconfigurations/faisca"),
            ("operator", False, "patch", "validatingwebhookconfigurations/other"),
            ("operator", False, "delete", "functions.faisca.dev", "-n", "default"),
            ("operator", False, "patch", "functions.faisca.dev", "-n", "default"),
            ("operator", True, "get", "secrets/faisca-webhook-tls", "-n", "faisca"),
            ("operator", False, "get", "secrets/other", "-n", "faisca"),
            ("operator", False, "list", "secrets", "-n", "faisca"),
            ("operator", False, "get", "secrets/faisca-webhook-tls", "-n", "default"),
            ("operator", True, "patch", "leases.coordination.k8s.io/faisca-operator", "-n", "faisca"),
            ("operator", False, "patch", "leases.coordination.k8s.io/other", "-n", "faisca"),
            ("agent", True, "patch", "offloaddevices.faisca.dev", "--subresource=status"),
            ("agent", True, "watch", "offloadprograms.faisca.dev", "-A"),
            ("agent", False, "patch", "offloadprograms.faisca.dev", "-n", "default"),
            ("agent", False, "delete", "offloaddevices.faisca.dev"),
            ("agent", False, "list", "functions.faisca.dev", "-A"),
            ("agent", False, "get", "secrets", "-A"),
        ])

    def test_secrets_are_open_where_the_values_say(self):
        upgrade("--set", "gateway.secretNamespaces={team-a}")
        self.check([("gateway", True, "create", "secrets", "-n", "team-a"), ("gateway", False, "get", "secrets", "-n", "team-b")])

    def test_with_named_namespaces_the_rights_end_there(self):
        upgrade("--set", "watchNamespaces={team-a,team-b}", "--set", "functionNamespace=team-a")
        self.check([
            (component, allowed, verb, resource, "-n", where)
            for where, allowed in (("team-a", True), ("team-b", True), ("default", False), ("faisca", False))
            for component, verb, resource in (("gateway", "watch", "functions.faisca.dev"), ("gateway", "list", "pods"),
                                              ("operator", "create", "deployments.apps"), ("operator", "watch", "services"))
        ])


if __name__ == "__main__":
    unittest.main()
