"""A whole cluster on this machine: a control plane and nodes that run real pods. Needs root; one cluster has one NAME.

    FOLDER/settings.json   name, number of nodes, folders made outside; written before anything else is done
    FOLDER/…               the control plane's files (control_plane.py)
    FOLDER/nodeN/          a node's files

FOLDER is ${XDG_STATE_HOME:-~/.local/state}/faisca/NAME. Everything that runs, and every mount, is in namespaces and control
groups called NAME, so `down` needs nothing but the name to remove it all.
"""
import contextlib
import fcntl
import json
import os
import re
import secrets
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import binaries, cgroups, network, node_files
from .api import Api
from .control_plane import ControlPlane, Settings
from .node import Node
from .problem import Problem, UsageProblem, say
from .programs import Programs
from .wait import until

ETCD_PORT, ETCD_PEER_PORT, API_PORT = 2379, 2380, 6443
READY_SECONDS = 90
API_SERVER_FLAGS = [
    f"--advertise-address={network.CONTROL_ADDRESS}",
    # There is no kube-proxy where it runs, so it calls webhooks by their pods' addresses.
    "--enable-aggregator-routing=true",
    # Pods leave a node that is gone after seconds, not after the default of five minutes.
    "--default-not-ready-toleration-seconds=10", "--default-unreachable-toleration-seconds=10"]
CONTROLLER_MANAGER_FLAGS = ["--allocate-node-cidrs=false", "--node-monitor-grace-period=16s", "--node-monitor-period=2s"]


def state_folder(name):
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local/state")
    return Path(base) / "faisca" / name


def impossible():
    """Why no cluster can run on this machine, or None."""
    if os.geteuid() != 0:
        return "it takes root: network namespaces, mounts and control groups"
    missing = [program for program in ("containerd", "ctr", "runc", "nft", "ip", "etcd", "nsenter", "unshare") if not shutil.which(program)]
    if missing:
        return f"not installed: {', '.join(missing)} (./dev deps cluster)"
    reason = cgroups.writable()
    if reason:
        return reason
    probe = f"faisca-probe-{os.getpid()}"
    try:
        network.make_control(probe)
    except Problem as problem:
        return str(problem)
    finally:
        with contextlib.suppress(Problem):
            network.remove(probe)
    return None


class Cluster:
    def __init__(self, name):
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,20}", name):
            raise UsageProblem(f"'{name}' is no name for a cluster", "FAISCA_CLUSTER takes lower-case letters, digits and dashes, 21 at most")
        self.name = name
        self.folder = state_folder(name)
        self._settings = self.folder / "settings.json"

    def exists(self):
        return self._settings.exists()

    def node_numbers(self):
        if not self.exists():
            raise Problem("there is no cluster", "./dev cluster up starts one")
        return range(1, self._known()["nodes"] + 1)

    def up(self, count, pause):
        """Starts it; what it started is removed when that fails. `pause`: record of the image (images.build)."""
        reason = impossible()
        if reason:
            raise Problem(f"no cluster can run here: {reason}")
        with self.lock():
            if self.exists():
                if len(self.node_numbers()) == count and self.healthy():
                    return
                if self.healthy():
                    raise Problem(f"the cluster is running with {len(self.node_numbers())} nodes, not {count}", "./dev cluster down ends it")
                say("Removing what is left of the last cluster")
                self._remove()
            try:
                self._start(count, pause)
            except BaseException:
                say("Removing what was started")
                self._remove()
                raise

    def down(self, run=None):
        """`run`: only if it is the cluster of that run."""
        with self.lock():
            if run is None or self.run() == run:
                self._remove()

    def run(self):
        """Names this start of the cluster; None without one."""
        return self._known()["run"] if self.exists() else None

    def healthy(self):
        """Its start was not cut off, and the control plane works."""
        if not self._known()["complete"]:
            return False
        with network.inside(self.name) if network.namespace_path(self.name).exists() else contextlib.nullcontext():
            return self.plane().healthy()

    def plane(self):
        names = [f"node{number}" for number in self.node_numbers()]
        return ControlPlane(self.folder, Settings(
            binaries=binaries.kubernetes(), address=network.CONTROL_ADDRESS, etcd_port=ETCD_PORT, etcd_peer_port=ETCD_PEER_PORT, api_port=API_PORT,
            prefix=[*network.entering(self.name), *cgroups.joining(f"{self.name}/control")], api_server_flags=API_SERVER_FLAGS,
            controller_manager_flags=CONTROLLER_MANAGER_FLAGS, nodes=names))

    def nodes(self, pause=None):
        plane = self.plane()
        return [Node(self.name, number, plane, pause or self._known()["pause"]) for number in self.node_numbers()]

    def node(self, number):
        if number not in self.node_numbers():
            raise UsageProblem(f"there is no node {number}", f"there are {len(self.node_numbers())}")
        return self.nodes()[number - 1]

    def stop_node(self, number):
        node = self.node(number)
        network.plug(self.name, number, False)
        node.stop()

    def start_node(self, number):
        node = self.node(number)
        if node.running():
            raise Problem(f"node {number} is running already")
        network.plug(self.name, number, True)
        node.start()
        self._await_ready([node])

    def place_of_clients(self):
        """Beginning of a command line that runs the rest where Services can be reached: the network of a node that runs."""
        for node in self.nodes():
            if node.running():
                return network.entering(node.namespace)
        raise Problem("no node is running", "./dev cluster node start 1")

    def environment(self):
        """For kubectl, helm and what else talks to the API server."""
        tools = f"{binaries.kubernetes()}:{binaries.helm_folder()}"
        return {**os.environ, "KUBECONFIG": str(self.plane().kubeconfig), "PATH": f"{tools}:{os.environ['PATH']}"}

    @contextlib.contextmanager
    def lock(self):
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with open(self.folder.parent / f"{self.name}.lock", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Waiting for another ./dev cluster")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _known(self):
        return json.loads(self._settings.read_text())

    def _write_known(self, known):
        partial = self._settings.with_suffix(".partial")
        partial.write_text(json.dumps(known))
        partial.rename(self._settings)

    def _start(self, count, pause):
        self.folder.mkdir(parents=True)
        outside = [folder for folder in node_files.HIDDEN if not Path(folder).exists()]
        known = {"run": secrets.token_hex(8), "nodes": count, "made": outside, "pause": pause, "complete": False}
        self._write_known(known)
        for folder in outside:
            Path(folder).mkdir(parents=True)
        cgroups.make(f"{self.name}/control")
        network.make_control(self.name)
        nodes = self.nodes(pause)
        for node in nodes:
            network.add_node(self.name, node.namespace, node.number, count)
        with network.inside(self.name):
            self.plane().up()
        with ThreadPoolExecutor() as pool:
            list(pool.map(Node.start, nodes))
        self._await_ready(nodes)
        self._write_known({**known, "complete": True})

    def _await_ready(self, nodes):
        plane = self.plane()
        with network.inside(self.name):
            api = Api(network.CONTROL_ADDRESS, API_PORT, plane.certificates)
            for node in nodes:
                until(lambda: api.condition(f"/api/v1/nodes/{node.name}", "Ready") == "True", READY_SECONDS, f"{node.name} is ready",
                      hint=lambda: f"its logs are in {node.folder}/logs")

    def _remove(self):
        with contextlib.suppress(OSError, ValueError):
            Programs(self.folder).stop_all(grace=0)
        for group in ("", "/control"):
            if cgroups.processes(self.name + group):
                cgroups.kill(self.name + group)
        cgroups.remove(self.name)
        for path in Path("/run/netns").glob(f"{self.name}-node*"):
            network.remove(path.name)
        network.remove(self.name)
        for folder in self._known()["made"] if self.exists() else []:
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
