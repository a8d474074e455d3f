"""The cluster that the measurements on Kubernetes run on: one that is up, with the chart (./dev cluster up, ./dev cluster install)."""
import json
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "cluster"))
from world import World, function, sample_image, until  # noqa: E402, F401

NAMESPACE = "bench"


def cluster_world():
    """tests/cluster's World of the cluster that FAISCA_CLUSTER names, with a namespace for the measurements."""
    world = World(os.environ.get("FAISCA_CLUSTER", "faisca"))
    if world.try_("status").returncode != 0:
        raise RuntimeError("no cluster is up: ./dev cluster up && ./dev cluster install")
    world.kubectl("apply", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}))
    return world


def ready_function(world, name, image, **spec):
    """Applied and all its instances ready."""
    world.apply(function(name, NAMESPACE, image=image, **spec))
    world.wait_ready(name, NAMESPACE, 120)
