"""Offload without a kubelet: a control plane, real agents with their device plugins, a real operator with its webhook. The test plays
the kubelet where a pod is needed: it starts the watchdog as the Deployment says, beside the agent of the node that the Deployment says."""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests/cluster"), str(ROOT / "tests/e2e")]
from support import functions  # noqa: E402,F401
from tools import TOOLS, Kubectl, run  # noqa: E402
from faisca_cluster.wait import until  # noqa: E402

BIN = Path(os.environ["FAISCA_BIN"])
GRACE = 4  # seconds until a silent device has lost its functions


class Program:
    """A process with its log; ends with stop()."""

    def __init__(self, folder, name, *arguments, env=None):
        self.log = folder / f"{name}.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([str(one) for one in arguments], stdout=log, stderr=log, env=env or os.environ)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def lines(self):
        """Its log, as objects."""
        return [json.loads(line) for line in self.log.read_text(errors="replace").splitlines() if line.startswith("{")]


class Node:
    """An agent and its device plugin, as the DaemonSet's pod runs them."""

    def __init__(self, world, name):
        self.world, self.name, self.device = world, name, f"{name}-0"
        self.folder = world.folder / name
        (self.folder / "kubelet").mkdir(parents=True)
        self.socket = f"unix:{self.folder}/agent.sock"
        self.agent = self.plugin = None
        world.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}})

    def start(self):
        self.start_agent()
        self.plugin = Program(self.folder, "plugin", BIN / "faisca-device-plugin", "--agent", self.socket, "--node", self.name,
                              "--kubelet-folder", self.folder / "kubelet", "--kubeconfig", self.world.kubectl.kubeconfig,
                              "--heartbeat", "1s", "--look", "200ms", "--port", "0")
        return self

    def start_agent(self):
        self.agent = Program(self.folder, "agent", BIN / "faisca-agent", "--listen", self.socket)

    def ensure(self):
        """Starts what was killed."""
        if self.agent.process.poll() is not None and self.plugin.process.poll() is not None:
            self.start()

    def kill(self):
        """As when the machine loses its power."""
        for program in (self.plugin, self.agent):
            program.kill()

    def stop(self):
        for program in (self.plugin, self.agent):
            if program and program.process.poll() is None:
                program.stop()


class Instance:
    """A pod of a mem function, started as its Deployment says."""

    def __init__(self, world, name, namespace):
        deployment = world.get("deployment", name, namespace)
        pod = deployment["spec"]["template"]["spec"]
        terms = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        self.node = next(field["values"][0] for term in terms for field in term["matchFields"] if field["key"] == "metadata.name")
        container = pod["containers"][0]
        assert container["resources"]["limits"]["faisca.dev/engine"] == "1", container["resources"]
        environment = {one["name"]: one.get("value", "") for one in container["env"]}
        self.folder = Path(tempfile.mkdtemp(prefix="instance-", dir=world.folder))
        code = world.get("configmap", f"{name}-code", namespace)["binaryData"]
        for file, content in code.items():
            (self.folder / file).write_bytes(base64.b64decode(content))
        # What mounts, Allocate and the pod's own network would do.
        environment["FAISCA_OBJECT"] = str(self.folder / Path(environment["FAISCA_OBJECT"]).name)
        environment["FAISCA_AGENT"] = world.nodes[self.node].socket
        environment |= {"port": "0", "FAISCA_METRICS_PORT": "0", "FAISCA_LOCK_FILE": str(self.folder / "lock")}
        self.program = Program(self.folder, "watchdog", BIN / "faisca-watchdog-offload", env={**os.environ, **environment})
        self.port = until(lambda: next((line["port"] for line in self.program.lines() if "port" in line), None), 20, "the watchdog serves",
                          hint=lambda: self.program.log.read_text())

    def invoke(self, body=b""):
        """Status and body; 0 when there is no answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", data=body, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def stop(self):
        self.program.kill()


class World:
    def __init__(self, nodes):
        # Short: a unix socket's path has at most 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="faisca-offload-"))
        started = run(TOOLS / "control", "up", "--dir", self.folder / "k", "--apply", ROOT / "api/crd", seconds=2400)
        if started.returncode != 0:
            raise AssertionError(started.stderr)
        self.kubectl = Kubectl(started.stdout.strip())
        self.kubectl("create", "namespace", "faisca")
        self.nodes = {name: Node(self, name) for name in nodes}
        for node in self.nodes.values():
            node.start()
        self.operator = Program(self.folder, "operator", BIN / "faisca-operator", "--kubeconfig", self.kubectl.kubeconfig,
                                "--namespace", "faisca", "--address", "127.0.0.1", "--port", "0", "--webhook-port", "0",
                                "--webhook-names", "127.0.0.1", "--device-grace", f"{GRACE}s", "--leader-election", "false")

    def close(self):
        for node in self.nodes.values():
            node.stop()
        self.operator.stop()
        run(TOOLS / "control", "down", "--dir", self.folder / "k")
        shutil.rmtree(self.folder, ignore_errors=True)

    def apply(self, *objects):
        for one in objects:
            self.kubectl("apply", "-f", "-", input=one if isinstance(one, str) else json.dumps(one))

    def get(self, kind, name, namespace="default"):
        """The object, or nothing."""
        found = self.kubectl.try_("get", kind, name, "-n", namespace, "-o", "json", "--ignore-not-found")
        return json.loads(found.stdout) if found.stdout.strip() else {}

    def function(self, name):
        return self.get("function", name)

    def program(self, name):
        return self.get("offloadprogram", name)

    def device(self, name):
        return self.get("offloaddevice", name)

    def await_loaded(self, name, device=None):
        """The OffloadProgram, when a device (that one, if given) has it."""
        def loaded():
            program = self.program(name)
            status = program.get("status", {})
            on = program.get("spec", {}).get("device", "")
            return program if on and status.get("loaded") and status.get("device") == on and device in (None, on) else None
        return until(loaded, 60, f"{name} is loaded" + (f" on {device}" if device else ""),
                     hint=lambda: json.dumps(self.program(name).get("status")) + self.operator.log.read_text()[-2000:])


def condition(thing, kind):
    return next((one for one in thing.get("status", {}).get("conditions", []) if one["type"] == kind), {})
