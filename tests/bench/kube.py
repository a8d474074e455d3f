"""On Kubernetes: the operator on a control plane of its own, then what needs nodes, on the cluster that is up (./dev cluster)."""
import sys

import kube_first_request
import kube_operator
import kube_rollout
from kube_world import cluster_world


def measure(context):
    figures = kube_operator.measure(context)
    try:
        cluster_world()
    except RuntimeError as problem:
        print(f"kube: rollout and first request are left out: {problem}", file=sys.stderr)
        return figures
    return figures + kube_first_request.measure(context) + kube_rollout.measure(context)
