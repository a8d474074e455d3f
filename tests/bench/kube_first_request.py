"""From `kubectl apply` of one Function to its first 200 through the gateway, beside a bare Deployment and Service of the same image."""
import json
import sys

from figure import Figure, median
from kube_world import NAMESPACE, cluster_world, sample_image, until

ADDRESS = "10.96.77.77"  # the bare Service's: told to the load before the Service is there
GOAL = 1.3


def ours_of(name, image):
    return {"apiVersion": "faisca.dev/v1alpha1", "kind": "Function", "metadata": {"name": name, "namespace": NAMESPACE}, "spec": {"image": image}}


def bare_of(name, image):
    """What a person writes who wants nothing but the image behind an address."""
    labels = {"app": name}
    metadata = {"name": name, "namespace": NAMESPACE}
    container = {"name": "function", "image": image, "imagePullPolicy": "IfNotPresent", "ports": [{"containerPort": 8080}]}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
                  "spec": {"replicas": 1, "selector": {"matchLabels": labels},
                           "template": {"metadata": {"labels": labels}, "spec": {"containers": [container], "terminationGracePeriodSeconds": 1}}}}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": metadata,
               "spec": {"clusterIP": ADDRESS, "selector": labels, "ports": [{"port": 80, "targetPort": 8080}]}}
    return {"apiVersion": "v1", "kind": "List", "items": [deployment, service]}


def once(context, world, url, manifest):
    """Seconds from the start of `kubectl apply` to the first 200, both in the network of a node."""
    script = context.root / "tests/bench/first_200.py"
    return float(world("run", sys.executable, script, url, input=json.dumps(manifest), seconds=180))


def remove(world, name, *kinds):
    world.kubectl("delete", ",".join(kinds), name, "-n", NAMESPACE, "--ignore-not-found", "--wait=true")

    def pods():
        return world.kubectl("get", "pods", "-n", NAMESPACE, "-o", "name").split()
    until(lambda: not any(f"/{name}-" in pod for pod in pods()), 120, f"the pods of {name} are gone", pods)


def measure(context):
    world, image = cluster_world(), sample_image()
    gateway = world("url").strip()
    ours, theirs = [], []
    # Alternating, so that both see the same machine. The first round warms the node's image cache up and is not counted.
    for number in range(context.rounds + 1):
        name = f"bench-first-{number}"
        try:
            seconds = once(context, world, f"{gateway}/function/{name}.{NAMESPACE}", ours_of(name, image))
        finally:
            remove(world, name, "function")
        try:
            bare_seconds = once(context, world, f"http://{ADDRESS}/", bare_of(name, image))
        finally:
            remove(world, name, "deployment", "service")
        if number > 0:
            ours.append(seconds)
            theirs.append(bare_seconds)
    ratio = median(ours) / median(theirs)
    note = f"medians of {context.rounds}; ours {min(ours):.2f} to {max(ours):.2f} s, bare {min(theirs):.2f} to {max(theirs):.2f} s; image on the node"
    return [Figure("kubectl apply of a Function -> first 200", median(ours), "s", f"<= {GOAL} x bare", "lower",
                   "bare Deployment + Service", median(theirs), ratio, ratio <= GOAL, note)]
