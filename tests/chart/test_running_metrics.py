"""Every expression of the dashboards about operator and devices has an answer: asked of a Prometheus that scrapes the programs of a
release while they work on a real API server."""
import base64
import json
import os

import server
from answers import Answers
from prometheus import Prometheus
from running import Program, Release
from server import SAMPLES, Server, get, kubectl

BINARIES = os.environ["FAISCA_BIN"]
NODE = "node1"


class OperatorAndDevices(Answers, Server):
    def setUp(self):
        super().setUp()
        server.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": NODE}})
        self.addCleanup(kubectl, "delete", "node", NODE)
        self.release = self.enterContext(Release(BINARIES, "--set", "webhook.enabled=false"))
        self.enterContext(self.release.agent())
        self.turn = 0

    def work(self):
        """A change for the operator, a run for the device."""
        self.turn += 1
        kubectl("apply", "-f", SAMPLES / "hello.yaml")
        kubectl("scale", "fn", "hello", f"--replicas={1 + self.turn % 3}")
        self.watchdog.ask("/", "POST", b"x")

    def offloaded(self):
        """An instance of the sample, as its pod would run."""
        text = kubectl("apply", "--dry-run=client", "-f", SAMPLES / "hello-ebpf.yaml", "-o", "json").stdout
        code = self.release.folder / "hello.o"
        code.write_bytes(base64.b64decode(json.loads(text)["spec"]["offload"]["object"]["inline"]))
        return Program(BINARIES, {"name": "watchdog", "command": ["faisca-watchdog-offload"]}, "", self.release.folder,
                       FAISCA_AGENT=self.release.socket, FAISCA_OBJECT=str(code), FAISCA_FUNCTION="hello-ebpf", FAISCA_PORT="0",
                       FAISCA_METRICS_PORT="0", FAISCA_LOCK_FILE=str(self.release.folder / "lock"))

    def test_operator_and_offload_have_answers(self):
        operator = self.enterContext(self.release.operator())
        plugin = self.enterContext(self.release.device_plugin(NODE))
        plugin.await_ready("/readyz")
        self.watchdog = self.enterContext(self.offloaded())
        with Prometheus({"operator": f"127.0.0.1:{operator.port}", "agent": f"127.0.0.1:{plugin.port}"}) as prometheus:
            self.check(prometheus, "operator.json")
            self.check(prometheus, "offload.json")
        self.assertTrue(get("fn", "hello"))
