"""Questions about the workloads of a rendered release."""
import re

WORKLOADS = ("Deployment", "DaemonSet", "StatefulSet", "Job")
UNITS = {"": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "k": 10**3, "M": 10**6, "G": 10**9}


def workloads(release):
    return [item for item in release.values() if item["kind"] in WORKLOADS]


def pods(release):
    """(name, number of pods, pod template) of everything that makes pods; a DaemonSet counts one."""
    for item in workloads(release):
        yield item["metadata"]["name"], item["spec"].get("replicas", 1), item["spec"]["template"]


def bytes_of(quantity):
    number, unit = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(quantity)).groups()
    return float(number) * UNITS[unit]


def requested_memory(template):
    return sum(bytes_of(container["resources"]["requests"]["memory"]) for container in template["spec"]["containers"])


def selects(selector, labels):
    return all(labels.get(key) == value for key, value in selector.items())
