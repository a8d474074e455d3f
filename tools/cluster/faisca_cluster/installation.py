"""Our chart on a cluster: images into the nodes, helm, and where the gateway is then."""
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import images, network
from .image_definition import ROOT, known_images
from .problem import Problem, say

CHART = ROOT / "deploy/helm/faisca"
RELEASE = NAMESPACE = "faisca"


def images_folder():
    """Where ./dev images puts them; FAISCA_IMAGES names another folder, for the tests of another build."""
    return Path(os.environ.get("FAISCA_IMAGES") or ROOT / "build/images").resolve()


def archives(names):
    """Records of built images, each with the path of its archive."""
    built = images.known(images_folder())
    missing = [name for name in names if name not in built]
    if missing:
        raise Problem(f"not built: {', '.join(missing)}", "./dev images builds all, or those it is told")
    return [{**built[name], "archive": str(images_folder() / f"{name}.tar")} for name in names]


def load(cluster, records):
    """Imports into each node that runs what it does not have; returns whether there was anything."""
    def load_into(node):
        wanted = [record for record in records if not node.has(record)]
        for record in wanted:
            node.load(record)
        return bool(wanted)

    with ThreadPoolExecutor() as pool:
        return any(list(pool.map(load_into, [node for node in cluster.nodes() if node.running()])))


def install(cluster, arguments):
    """Installs or upgrades the release and waits until it is ready; `arguments` go to helm."""
    cluster.node_numbers()  # says so when there is no cluster
    changed = load(cluster, archives(known_images()))
    again = _kubectl(cluster, "get", "deployments,daemonsets", "-n", NAMESPACE, "-o", "name").split()
    # --rollback-on-failure would take the pods away whose logs say what is wrong.
    command = ["helm", "upgrade", "--install", RELEASE, str(CHART), "-n", NAMESPACE, "--create-namespace", "--wait", "--timeout", "3m",
               "--set", f"image.registry={images.REGISTRY}", "--set", f"image.tag={images.version()}", *arguments]
    say("Installing the chart")
    if _run(cluster, command).returncode != 0:
        raise Problem("helm failed", f"./dev cluster kubectl get pods,events -n {NAMESPACE}")
    if changed and again:
        # The tag is the same, so nothing but this makes pods take the new images.
        _kubectl(cluster, "rollout", "restart", "-n", NAMESPACE, *again)
        for name in again:
            _kubectl(cluster, "rollout", "status", "-n", NAMESPACE, "--timeout=3m", name)
    say(f"Gateway: {url(cluster)}  (./dev cluster curl /healthz)")


def url(cluster):
    """The gateway's address, which a node can reach."""
    listed = json.loads(_kubectl(cluster, "get", "services", "-n", NAMESPACE, "-l", "app.kubernetes.io/component=gateway", "-o", "json"))
    for service in listed["items"]:
        address, ports = service["spec"].get("clusterIP"), service["spec"]["ports"]
        if address and address != "None":
            port = next((port["port"] for port in ports if port.get("name") == "http"), ports[0]["port"])
            return f"http://{address}" + (f":{port}" if port != 80 else "")
    raise Problem(f"there is no gateway in the namespace {NAMESPACE}", "./dev cluster install")


def _kubectl(cluster, *arguments):
    done = _run(cluster, ["kubectl", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise Problem(f"kubectl {' '.join(arguments[:2])} failed: {done.stderr.strip()}", "./dev cluster status")
    return done.stdout


def _run(cluster, command, **options):
    return subprocess.run([*network.entering(cluster.name), *command], env=cluster.environment(), **options)
