"""The commands of ./dev cluster."""
import os
import subprocess
import time

from . import guard, images, installation, network
from .cluster import Cluster, impossible
from .control_plane import ORDER
from .image_definition import ROOT
from .problem import UsageProblem, say

DEFAULT_NAME = "faisca"
HELP = "./dev cluster --help"


def main(arguments):
    command, *rest = arguments or [""]
    if command not in COMMANDS:
        raise UsageProblem(f"./dev cluster has no command '{command}'" if command else "./dev cluster needs a command",
                           f"there are: {', '.join(name for name in COMMANDS if name not in HIDDEN)}")
    return COMMANDS[command](Cluster(os.environ.get("FAISCA_CLUSTER") or DEFAULT_NAME), rest)


def up(cluster, arguments):
    owner = None
    if arguments[:1] == ["--with"] and len(arguments) > 1 and arguments[1].isdigit():  # for tests: ends with that process
        owner, arguments = arguments[1], arguments[2:]
    count = _nodes(arguments)
    started = time.monotonic()
    cluster.up(count, _pause())
    if owner:
        guard.start([ROOT / "tools/cluster/cluster", "guard", owner, cluster.run()], cluster.folder / "logs/guard.log")
    say(f"Cluster of {count} node{'s' * (count > 1)} is up after {time.monotonic() - started:.1f} s")


def down(cluster, arguments):
    _none(arguments)
    cluster.down()


def await_owner(cluster, arguments):
    """Started by up --with-parent."""
    pid, run_name = arguments
    guard.await_end(int(pid))
    cluster.down(run_name)


def status(cluster, arguments):
    _none(arguments)
    plane, nodes = cluster.plane(), cluster.nodes()
    for name in ORDER:
        print(f"{name:28} {'running' if plane.programs.alive(name) else 'ended'}")
    for node in nodes:
        for name in ("containerd", "kubelet", "kube-proxy"):
            print(f"{node.name + ' ' + name:28} {'running' if node.programs.alive(name) else 'ended'}")
    return 0 if cluster.healthy() and all(node.running() for node in nodes) else 1


def install(cluster, arguments):
    installation.install(cluster, arguments)


def kubectl(cluster, arguments):
    return _run(cluster, network.entering(cluster.name), ["kubectl", *arguments])


def helm(cluster, arguments):
    return _run(cluster, network.entering(cluster.name), ["helm", *arguments])


def url(cluster, arguments):
    _none(arguments)
    print(installation.url(cluster))


def curl(cluster, arguments):
    if not arguments:
        raise UsageProblem("./dev cluster curl takes a path or curl's arguments", "./dev cluster curl /function/hello -d Ada")
    if arguments[0].startswith("/"):
        arguments = [installation.url(cluster) + arguments[0], *arguments[1:]]
    return _run(cluster, cluster.place_of_clients(), ["curl", *arguments])


def run(cluster, arguments):
    if not arguments:
        raise UsageProblem("./dev cluster run takes a command", HELP)
    return _run(cluster, cluster.place_of_clients(), arguments)


def node(cluster, arguments):
    if len(arguments) != 2 or arguments[0] not in ("stop", "start") or not arguments[1].isdigit():
        raise UsageProblem("./dev cluster node takes 'stop N' or 'start N'", HELP)
    action, number = arguments[0], int(arguments[1])
    cluster.stop_node(number) if action == "stop" else cluster.start_node(number)


def load(cluster, arguments):
    if not arguments:
        raise UsageProblem("./dev cluster load takes names of images of deploy/images")
    installation.load(cluster, installation.archives(arguments))


def check(cluster, arguments):
    _none(arguments)
    reason = impossible()
    if reason:
        print(reason)
    return 1 if reason else 0


COMMANDS = {"up": up, "install": install, "status": status, "kubectl": kubectl, "helm": helm, "url": url, "curl": curl, "run": run,
            "node": node, "load": load, "down": down, "check": check, "guard": await_owner}
HIDDEN = ["guard"]


def _none(arguments):
    if arguments:
        raise UsageProblem(f"unexpected '{' '.join(arguments)}'", HELP)


def _nodes(arguments):
    if not arguments:
        return 1
    if arguments[0] != "--nodes" or len(arguments) != 2 or not arguments[1].isdigit() or not 1 <= int(arguments[1]) <= network.MOST_NODES:
        raise UsageProblem(f"unexpected '{' '.join(arguments)}'", f"./dev cluster up [--nodes N], N from 1 to {network.MOST_NODES}")
    return int(arguments[1])


def _pause():
    images.build(["pause"], ROOT, installation.images_folder())
    return installation.archives(["pause"])[0]


def _run(cluster, place, command):
    environment = cluster.environment()
    try:
        return subprocess.run([*place, "env", "-C", os.getcwd(), *command], env=environment).returncode
    except KeyboardInterrupt:
        return 130


