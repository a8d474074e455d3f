"""Offload on a real API server: who may come in, where functions run, what happens when an agent, a device or a node is lost."""
import base64
import json
import unittest

from world import Instance, Node, World, condition, functions, until

BAD_HELPER = """
static long (*no_such_helper)(void) = (void *)9999;
__attribute__((section("mem"))) unsigned long bad(void) { return no_such_helper(); }
"""
PASS = '__attribute__((section("xdp"))) int pass(void *context) { return 2; }'


def xdp(name, ports):
    text = base64.b64encode(functions.compile_bpf(PASS)).decode()
    return functions.function(name, offload={"convention": "xdp", "ports": ports, "object": {"inline": text}})


class OffloadTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(["node1", "node2"])
        cls.addClassCleanup(cls.world.close)
        for node in cls.world.nodes.values():
            until(lambda node=node: condition(cls.world.device(node.device), "Ready").get("status") == "True", 60, f"{node.device} is announced",
                  hint=lambda node=node: node.plugin.log.read_text())

    def apply(self, name, text):
        self.world.apply(text)
        self.addCleanup(self.world.kubectl, "delete", "function", name, "--ignore-not-found", "--wait=true")

    def apply_four(self, name):
        self.apply(name, functions.offload(name, functions.compile_bpf(functions.FOUR)))

    def instance(self, name):
        until(lambda: self.world.get("deployment", name), 30, f"{name} has a Deployment", hint=lambda: self.world.operator.log.read_text()[-2000:])
        instance = Instance(self.world, name, "default")
        self.addCleanup(instance.stop)
        return instance

    def await_answer(self, instance, wanted):
        until(lambda: instance.invoke() == wanted, 30, f"the function answers {wanted}", hint=lambda: str(instance.invoke()))

    def test_a_device_tells_what_it_has(self):
        device = self.world.device("node1-0")
        self.assertEqual(device["spec"]["node"], "node1")
        self.assertEqual(device["metadata"]["ownerReferences"][0]["kind"], "Node")
        for field in ("engines", "slots", "clockHz", "memoryBytes", "maxInstructions", "dataBytes"):
            self.assertGreater(device["status"][field], 0, field)
        before = device["status"]["lastHeartbeat"]
        until(lambda: self.world.device("node1-0")["status"]["lastHeartbeat"] > before, 20, "another heartbeat")

    def test_functions_spread_and_answer(self):
        self.apply_four("one")
        self.apply_four("two")
        devices = {self.world.await_loaded(name)["spec"]["device"] for name in ("one", "two")}
        self.assertEqual(devices, {"node1-0", "node2-0"})
        instance = self.instance("one")
        self.assertEqual(instance.node + "-0", self.world.program("one")["spec"]["device"])
        self.await_answer(instance, (200, "4"))
        counted = until(lambda: (lambda c: c if c.get("packets") else None)(self.world.program("one")["status"]["counters"]), 30, "calls are counted")
        self.assertGreater(counted["cycles"], 0)
        offload = until(lambda: (lambda s: s if s and s.get("packets") else None)(self.world.function("one").get("status", {}).get("offload")), 60,
                        "the Function counts its calls", hint=lambda: str(self.world.function("one").get("status")))
        self.assertEqual(offload["device"], self.world.program("one")["spec"]["device"])

    def test_a_lost_node_loses_its_functions_to_another(self):
        self.apply_four("mover")
        lost = self.world.nodes[self.world.await_loaded("mover")["spec"]["device"].removesuffix("-0")]
        first = self.instance("mover")
        self.await_answer(first, (200, "4"))
        lost.kill()
        self.addCleanup(lost.ensure)
        other = next(node for node in self.world.nodes.values() if node is not lost)
        self.world.await_loaded("mover", other.device)
        self.assertNotEqual(first.invoke()[0], 200)
        until(lambda: condition(self.world.device(lost.device), "Ready").get("reason") == "Silent", 30, "the device is not said to be ready any more")
        until(lambda: other.name in json.dumps(self.world.get("deployment", "mover")["spec"]["template"]), 30, "its pods go to the other node")
        second = self.instance("mover")
        self.assertEqual(second.node, other.name)
        self.await_answer(second, (200, "4"))
        # The old device comes back: nothing moves without need.
        lost.ensure()
        until(lambda: condition(self.world.device(lost.device), "Ready").get("status") == "True"
              and self.world.device(lost.device)["status"].get("instance"), 30, "the device is back")
        self.apply_four("newcomer")
        self.assertEqual(self.world.await_loaded("newcomer")["spec"]["device"], lost.device)
        self.assertEqual(self.world.program("mover")["spec"]["device"], other.device)

    def test_a_device_goes_with_its_node(self):
        third = Node(self.world, "node3").start()
        self.addCleanup(third.stop)
        until(lambda: condition(self.world.device("node3-0"), "Ready").get("status") == "True", 60, "node3-0 is announced", hint=third.plugin.log.read_text)
        third.kill()
        self.world.kubectl("delete", "node", "node3")
        until(lambda: not self.world.device("node3-0"), 60, "the garbage collector has taken the device")

    def test_a_restarted_agent_gets_its_programs_back(self):
        self.apply_four("phoenix")
        node = self.world.nodes[self.world.await_loaded("phoenix")["spec"]["device"].removesuffix("-0")]
        before = self.world.device(node.device)["status"]["instance"]
        node.agent.kill()
        until(lambda: condition(self.world.device(node.device), "Ready").get("reason") == "AgentAway", 30, "the device says that its agent is away")
        node.start_agent()
        until(lambda: self.world.device(node.device)["status"]["instance"] != before, 30, "the agent is back as another")
        held = until(lambda: [one for one in self.world.device(node.device)["status"].get("programs", []) if one["function"] == "default/phoenix"], 30,
                     "it has the program again")
        self.assertEqual(held[0]["programId"], self.world.program("phoenix")["status"]["programId"])

    def test_a_deleted_function_leaves_the_device(self):
        self.apply_four("leaver")
        device = self.world.await_loaded("leaver")["spec"]["device"]
        self.world.kubectl("delete", "function", "leaver")
        names = lambda: [one["function"] for one in self.world.device(device)["status"].get("programs", [])]  # noqa: E731
        until(lambda: "default/leaver" not in names(), 60, "the device has dropped it", hint=lambda: str(names()))
        node = self.world.nodes[device.removesuffix("-0")]
        until(lambda: any(line["message"] == "program unloaded" for line in node.plugin.lines()), 30, "the agent was told")

    def test_what_fits_nowhere_says_why_for_every_device(self):
        self.apply("gate", xdp("gate", [0]))
        reached = until(lambda: (lambda c: c if c.get("reason") == "NoDevice" else None)(condition(self.world.function("gate"), "Ready")), 30,
                        "the function has no device", hint=lambda: str(self.world.function("gate").get("status")))
        self.assertEqual(reached["message"], "no device fits: node1-0: it has no ports; node2-0: it has no ports")


class WebhookTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World([])
        cls.addClassCleanup(cls.world.close)
        ready = until(lambda: next((line for line in cls.world.operator.lines() if line["message"] == "webhook ready"), None), 60, "the webhook is ready",
                      hint=lambda: cls.world.operator.log.read_text())
        cls.world.apply({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "faisca"},
            "webhooks": [{"name": "functions.faisca.dev", "clientConfig": {"url": f"https://127.0.0.1:{ready['port']}/validate/function"},
                          "rules": [{"apiGroups": ["faisca.dev"], "apiVersions": ["v1alpha1"], "resources": ["functions"],
                                     "operations": ["CREATE", "UPDATE"]}],
                          "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Fail", "timeoutSeconds": 10,
                          "matchConditions": [{"name": "offload", "expression": "has(object.spec.offload)"}]}]})
        until(lambda: cls.bundle(), 60, "the authority is in the configuration", hint=lambda: cls.world.operator.log.read_text())

    @classmethod
    def bundle(cls):
        found = cls.world.get("validatingwebhookconfiguration", "faisca")
        return found["webhooks"][0]["clientConfig"].get("caBundle")

    def try_apply(self, text):
        return self.world.kubectl.try_("apply", "-f", "-", input=text)

    def test_bytecode_that_verifies_comes_in(self):
        done = self.try_apply(functions.offload("good", functions.compile_bpf(functions.FOUR)))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_bytecode_that_does_not_is_refused_with_instruction_and_reason(self):
        done = self.try_apply(functions.offload("bad", functions.compile_bpf(BAD_HELPER)))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("functions.faisca.dev", done.stderr)
        self.assertIn("instruction 0", done.stderr)
        self.assertIn("9999", done.stderr)
        self.assertEqual(self.world.function("bad"), {})

    def test_a_change_for_the_worse_is_refused_and_others_are_not(self):
        self.assertEqual(self.try_apply(functions.offload("later", functions.compile_bpf(functions.FOUR))).returncode, 0)
        self.assertIn("instruction", self.try_apply(functions.offload("later", functions.compile_bpf(BAD_HELPER))).stderr)
        self.world.kubectl("label", "function", "later", "a=b")
        self.world.kubectl("scale", "function", "later", "--replicas=2")
        self.world.kubectl("delete", "function", "later")

    def test_users_are_warned_of_what_is_odd(self):
        done = self.try_apply(functions.offload("odd", functions.compile_bpf(PASS)))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Warning: spec.offload.convention: pass is in section xdp but is called by mem", done.stderr)

    def test_functions_without_offload_do_not_ask(self):
        self.assertEqual(self.try_apply(functions.bash("plain", "cat")).returncode, 0)

    def test_the_authority_is_put_back_when_somebody_takes_it_away(self):
        before = self.bundle()
        self.world.kubectl("patch", "validatingwebhookconfiguration", "faisca", "--type=json",
                           "-p", '[{"op": "remove", "path": "/webhooks/0/clientConfig/caBundle"}]')
        until(lambda: self.bundle() == before, 60, "the authority is back")

    def test_a_lost_secret_is_made_anew_and_trusted(self):
        before = self.bundle()
        self.world.kubectl("delete", "secret", "faisca-webhook-tls", "-n", "faisca")
        until(lambda: self.bundle() not in (None, before), 60, "another authority is there")
        text = functions.offload("after", functions.compile_bpf(functions.FOUR))
        until(lambda: self.try_apply(text).returncode == 0, 30, "the webhook is trusted again", hint=lambda: self.try_apply(text).stderr)


if __name__ == "__main__":
    unittest.main()
