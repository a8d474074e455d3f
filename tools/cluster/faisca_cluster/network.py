"""Network of a cluster, in network namespaces of its own; no route leads out and nothing of the machine's is changed.

    NAME          the control plane, 10.98.0.1, and a bridge that all nodes are plugged into
    NAME-node1    node 1, 10.98.0.11, its pods in 10.97.1.0/24
    NAME-node2    node 2, 10.98.0.12, its pods in 10.97.2.0/24   …

Nodes reach each other's pods by routes. Services (10.96.0.0/16) exist on nodes only, where kube-proxy makes them.
"""
import contextlib
import ctypes
import os
import subprocess
from pathlib import Path

from .control_plane import SERVICE_RANGE
from .problem import Problem

CONTROL_ADDRESS = "10.98.0.1"
POD_RANGE = "10.97.0.0/16"
CLONE_NEWNET = 0x40000000
MOST_NODES = 99


def node_address(number):
    return f"10.98.0.{10 + number}"


def pod_range(number):
    return f"10.97.{number}.0/24"


def namespace_path(namespace):
    return Path("/run/netns") / namespace


def make_control(namespace):
    _ip("netns", "add", namespace)
    _batch(namespace, ["link set lo up", "link add nodes type bridge", f"addr add {CONTROL_ADDRESS}/24 dev nodes", "link set nodes up"])


def add_node(control, namespace, number, count):
    """Plugs node `number` of `count` in."""
    _ip("netns", "add", namespace)
    port = f"node{number}"
    _batch(control, [f"link add {port} type veth peer name eth0 netns {namespace}", f"link set {port} master nodes up"])
    # The route to Services is never used: kube-proxy rewrites the address. But without one nothing is sent.
    lines = ["link set lo up", f"addr add {node_address(number)}/24 dev eth0", "link set eth0 up", f"route add {SERVICE_RANGE} via {CONTROL_ADDRESS}"]
    lines += [f"route add {pod_range(other)} via {node_address(other)}" for other in range(1, count + 1) if other != number]
    _batch(namespace, lines)
    _batch(control, [f"route add {pod_range(number)} via {node_address(number)}"])


def plug(control, number, connected):
    _ip("-n", control, "link", "set", f"node{number}", "up" if connected else "down")


def remove(namespace):
    if namespace_path(namespace).exists():
        _ip("netns", "del", namespace)


def entering(namespace):
    """Beginning of a command line that runs the rest there. Not `ip netns exec`, which hides the control groups."""
    return ["nsenter", f"--net={namespace_path(namespace)}", "--"]


@contextlib.contextmanager
def inside(namespace):
    """This thread, and the processes it starts, are in that network."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net") as home, open(namespace_path(namespace)) as there:
        _enter(libc, there)
        try:
            yield
        finally:
            _enter(libc, home)


def _enter(libc, handle):
    if libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
        raise Problem(f"cannot enter {handle.name}: {os.strerror(ctypes.get_errno())}")


def _batch(namespace, lines):
    _ip("-n", namespace, "-batch", "-", input="\n".join(lines) + "\n")


def _ip(*arguments, input=None):
    done = subprocess.run(["ip", *arguments], input=input, capture_output=True, text=True)
    if done.returncode != 0:
        raise Problem(f"ip {' '.join(arguments)} failed: {done.stderr.strip()}")
