"""What the chart makes of its values, without a cluster."""
import json
import os
import subprocess
import unittest
from pathlib import Path

import helm
from workloads import bytes_of, pods, requested_memory, selects

CASES = Path(__file__).parent / "values"
GOLDEN = Path(__file__).parent / "golden"
APIS = ("--api-versions", "monitoring.coreos.com/v1", "--api-versions", "openfaas.com/v1")  # that a cluster may have
CRDS = helm.ROOT / "api/crd"


def case(name):
    return (*APIS, "-f", CASES / f"{name}.yaml")


class Golden(unittest.TestCase):
    """The whole release for a few sets of values. FAISCA_UPDATE_GOLDEN=1 writes them anew: read the difference before committing it."""

    maxDiff = None

    def test_releases_are_as_reviewed(self):
        cases = sorted(CASES.glob("*.yaml"))
        self.assertTrue(cases)
        for file in cases:
            with self.subTest(file.stem):
                golden = GOLDEN / file.name
                # The definitions have golden files of their own: api/crd.
                text = helm.template(*case(file.stem), "--set", "crds.install=false").stdout
                if os.environ.get("FAISCA_UPDATE_GOLDEN"):
                    GOLDEN.mkdir(exist_ok=True)
                    golden.write_text(text)
                self.assertMultiLineEqual(golden.read_text() if golden.exists() else "", text)


class Lint(unittest.TestCase):
    def test_lint_is_content(self):
        for file in CASES.glob("*.yaml"):
            with self.subTest(file.stem):
                helm.run("lint", "--strict", helm.CHART, "-f", file)

    def test_every_template_takes_part(self):
        """A template that no case renders is not tested by any."""
        shown = "".join(helm.template(*case(file.stem)).stdout for file in CASES.glob("*.yaml"))
        for template in (helm.CHART / "templates").rglob("*.yaml"):
            name = f"# Source: faisca/{template.relative_to(helm.CHART)}"
            self.assertTrue(name in shown, f"no case renders {name}")


class References(unittest.TestCase):
    """Names and labels that must agree with each other."""

    def setUp(self):
        self.release = helm.render(*case("everything"))
        self.labels = [template["metadata"]["labels"] for _, _, template in pods(self.release)]

    def of_kind(self, kind):
        found = [item for item in self.release.values() if item["kind"] == kind]
        self.assertTrue(found, kind)
        return found

    def test_every_selector_finds_pods(self):
        selectors = [item["spec"]["selector"] for item in self.of_kind("Service")]
        selectors += [item["spec"]["selector"]["matchLabels"] for item in self.of_kind("PodDisruptionBudget")]
        selectors += [item["spec"]["podSelector"]["matchLabels"] for item in self.of_kind("NetworkPolicy")]
        for selector in selectors:
            self.assertTrue(any(selects(selector, labels) for labels in self.labels), selector)

    def test_every_monitor_finds_a_service_and_its_port(self):
        for monitor in self.of_kind("ServiceMonitor"):
            services = [item for item in self.of_kind("Service")
                        if selects(monitor["spec"]["selector"]["matchLabels"], item["metadata"]["labels"])]
            self.assertEqual(1, len(services), monitor["metadata"]["name"])
            for endpoint in monitor["spec"]["endpoints"]:
                self.assertIn(endpoint["port"], [port["name"] for port in services[0]["spec"]["ports"]])

    def test_service_and_probe_ports_are_the_containers(self):
        for service in self.of_kind("Service"):
            template = next(template for _, _, template in pods(self.release)
                            if selects(service["spec"]["selector"], template["metadata"]["labels"]))
            names = {port["name"] for container in template["spec"]["containers"] for port in container.get("ports", [])}
            for port in service["spec"]["ports"]:
                self.assertIn(port["targetPort"], names, service["metadata"]["name"])
        for name, _, template in pods(self.release):
            for container in template["spec"]["containers"]:
                names = {port["name"] for port in container.get("ports", [])}
                for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
                    if "httpGet" in container.get(probe, {}):
                        self.assertIn(container[probe]["httpGet"]["port"], names, name)

    def test_network_policies_open_the_ports_that_are_served(self):
        for _, _, template in pods(self.release):
            served = {port["containerPort"] for container in template["spec"]["containers"] for port in container.get("ports", [])}
            opened = {port["port"] for policy in self.of_kind("NetworkPolicy")
                      if selects(policy["spec"]["podSelector"]["matchLabels"], template["metadata"]["labels"])
                      for rule in policy["spec"].get("ingress", []) for port in rule["ports"]}
            self.assertEqual(served, opened)

    def test_every_pod_has_an_account_with_rights(self):
        accounts = {item["metadata"]["name"] for item in self.of_kind("ServiceAccount")}
        bound = {subject["name"] for kind in ("ClusterRoleBinding", "RoleBinding") for item in self.of_kind(kind)
                 for subject in item["subjects"]}
        for name, _, template in pods(self.release):
            self.assertIn(template["spec"]["serviceAccountName"], accounts & bound, name)

    def test_every_binding_has_its_role(self):
        for kind in ("ClusterRoleBinding", "RoleBinding"):
            for item in self.of_kind(kind):
                role = (item["roleRef"]["kind"], item["metadata"].get("namespace", ""), item["roleRef"]["name"])
                self.assertIn(role, self.release)

    def test_everything_carries_the_labels(self):
        for key, item in self.release.items():
            self.assertEqual("faisca", item["metadata"]["labels"].get("app.kubernetes.io/part-of"), key)

    def test_everything_namespaced_says_where(self):
        cluster = {"ClusterRole", "ClusterRoleBinding", "ValidatingWebhookConfiguration", "CustomResourceDefinition"}
        for kind, namespace, name in self.release:
            self.assertEqual(kind in cluster, namespace == "", f"{kind} {name}")


class Rights(unittest.TestCase):
    """Least privilege: what a reader of the roles must be able to trust."""

    def rules(self, *values):
        for (kind, namespace, name), item in helm.render(*values).items():
            if kind in ("Role", "ClusterRole"):
                for rule in item["rules"]:
                    yield f"{kind} {namespace}/{name}: {rule}", kind, namespace, rule

    def test_nothing_is_granted_by_a_star(self):
        for text, _, _, rule in self.rules(*case("everything")):
            self.assertNotIn("*", rule["apiGroups"] + rule["resources"] + rule["verbs"], text)

    def test_no_component_can_raise_its_own_rights(self):
        for text, _, _, rule in self.rules(*case("everything")):
            self.assertFalse({"escalate", "bind", "impersonate"} & set(rule["verbs"]), text)
            self.assertFalse({"pods/exec", "pods/attach", "serviceaccounts/token", "nodes/proxy"} & set(rule["resources"]), text)
            if "create" in rule["verbs"]:
                self.assertNotIn("pods", rule["resources"], text)

    def test_secrets_are_granted_by_namespace_only(self):
        for text, kind, _, rule in self.rules(*case("everything")):
            if "secrets" in rule["resources"]:
                self.assertEqual("Role", kind, text)

    def test_unasked_no_secret_can_be_read_but_the_webhooks(self):
        for text, _, _, rule in self.rules(*APIS):
            if "secrets" in rule["resources"] and rule["verbs"] != ["create"]:
                self.assertEqual(["faisca-webhook-tls"], rule.get("resourceNames"), text)

    def test_every_rule_has_its_reason(self):
        """A comment stands above every rule, in the source and in `helm get manifest`."""
        for line, above in self.lines():
            if line.startswith("- apiGroups"):
                self.assertRegex(above, "^# ", f"no reason above: {line}")

    @staticmethod
    def lines():
        for file in (helm.CHART / "templates/rbac").glob("*.yaml"):
            text = [line.strip() for line in file.read_text().splitlines()]
            yield from ((line, text[number - 1]) for number, line in enumerate(text))

    def test_named_namespaces_end_the_rights_there(self):
        allowed = {"faisca", "team-a", "team-b"}
        for text, kind, namespace, rule in self.rules(*APIS, "--set", "watchNamespaces={team-a,team-b}", "--set", "functionNamespace=team-a"):
            if kind == "Role":
                self.assertIn(namespace, allowed, text)
                continue
            # What has no namespace, or names one object; the agent does not know which namespaces its programs are of.
            self.assertTrue(set(rule["resources"]) <= {"runtimes", "nodes", "offloaddevices", "offloaddevices/status",
                                                       "offloadprograms", "offloadprograms/status"}
                            or rule.get("resourceNames"), text)


class Pods(unittest.TestCase):
    def test_the_control_plane_requests_less_than_100_mebibytes(self):
        release = helm.render()
        wanted = {name: count * requested_memory(template) for name, count, template in pods(release)}
        per_node = wanted.pop("faisca-agent")
        self.assertEqual({"faisca-gateway", "faisca-operator"}, set(wanted))
        print(f"memory requested: {sum(wanted.values()) / 2**20:g} Mi by {', '.join(wanted)}, {per_node / 2**20:g} Mi by the agent of each node")
        self.assertLess(sum(wanted.values()), 100 * 2**20)

    def test_memory_is_bounded(self):
        for name, _, template in pods(helm.render()):
            for container in template["spec"]["containers"]:
                resources = container["resources"]
                self.assertGreater(bytes_of(resources["limits"]["memory"]), bytes_of(resources["requests"]["memory"]), name)

    def test_containers_may_nothing_they_do_not_need(self):
        for name, _, template in pods(helm.render()):
            for container in template["spec"]["containers"]:
                security = container["securityContext"]
                self.assertIs(security["allowPrivilegeEscalation"], False, name)
                self.assertIs(security["readOnlyRootFilesystem"], True, name)
                self.assertEqual(["ALL"], security["capabilities"]["drop"], name)

    def test_the_grace_covers_lame_duck_and_drain(self):
        template = next(template for name, _, template in pods(helm.render("--set", "gateway.drainSeconds=120")) if name == "faisca-gateway")
        self.assertGreater(template["spec"]["terminationGracePeriodSeconds"], 120 + 5)

    def test_one_replica_has_no_disruption_budget(self):
        """It would stop every drain for ever."""
        release = helm.render("--set", "gateway.replicas=1")
        self.assertNotIn(("PodDisruptionBudget", "faisca", "faisca-gateway"), release)
        self.assertIn(("PodDisruptionBudget", "faisca", "faisca-operator"), release)


class Settings(unittest.TestCase):
    """The chart sets nothing that the programs do not know: they would refuse to start."""

    def test_every_variable_is_one_of_the_program(self):
        seen = 0
        for name, _, template in pods(helm.render(*case("everything"))):
            for container in template["spec"]["containers"]:
                known = self.settings_of(self.program(container))
                for variable in container.get("env", []):
                    self.assertIn(f"`{variable['name']}`", known, f"{name}: {container['name']}")
                    seen += 1
        self.assertGreater(seen, 10)

    @staticmethod
    def program(container):
        command = container.get("command", [])
        return command[0].rsplit("/", 1)[-1] if command else {"gateway": "faisca-gateway-kubernetes", "operator": "faisca-operator"}[container["name"]]

    @staticmethod
    def settings_of(program):
        path = Path(os.environ["FAISCA_BIN"]) / program
        return subprocess.run([path, "--help-markdown"], capture_output=True, text=True, check=True).stdout


class Definitions(unittest.TestCase):
    def test_the_charts_copy_is_what_the_types_print(self):
        ours = {file.name: file.read_text() for file in (helm.CHART / "files/crds").glob("*.yaml")}
        self.assertEqual({file.name: file.read_text() for file in CRDS.glob("*.yaml")}, ours)
        self.assertEqual(4, len(ours))

    def test_they_are_kept_unless_told_otherwise(self):
        for keep in (True, False):
            found = [item for item in helm.render("--set", f"crds.keep={json.dumps(keep)}").values()
                     if item["kind"] == "CustomResourceDefinition"]
            self.assertEqual(4, len(found))
            for item in found:
                self.assertEqual("keep" if keep else None, item["metadata"].get("annotations", {}).get("helm.sh/resource-policy"))

    def test_nothing_of_them_is_lost_on_the_way(self):
        made = {item["metadata"]["name"]: item["spec"] for item in helm.render().values() if item["kind"] == "CustomResourceDefinition"}
        for file in CRDS.glob("*.yaml"):
            (printed,) = helm.objects(file.read_text())
            self.assertEqual(printed["spec"], made[printed["metadata"]["name"]])


if __name__ == "__main__":
    unittest.main()
