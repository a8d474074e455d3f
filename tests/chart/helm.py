"""Runs helm for the chart's tests: what a release would hold, as Python objects. FAISCA_HELM names the program; without it, it is
the one of ./dev cluster, fetched when it is missing."""
import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools/cluster"))
from faisca_cluster import binaries  # noqa: E402

CHART = ROOT / "deploy/helm/faisca"
RELEASE, NAMESPACE = "faisca", "faisca"


@functools.cache
def program():
    return os.environ.get("FAISCA_HELM") or str(binaries.helm_folder() / "helm")


def run(*arguments, check=True, env=None):
    """helm's exit status, standard output and standard error."""
    done = subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300,
                          env={**os.environ, **(env or {})})
    if check and done.returncode:
        raise AssertionError(f"helm {' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def template(*arguments, check=True):
    """The text of `helm template`; `arguments` such as "--set", "a=b", "--api-versions", X."""
    return run("template", RELEASE, CHART, "-n", NAMESPACE, "--kube-version", "1.33.13", *arguments, check=check)


def objects(yaml):
    """The documents of a YAML text."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(yaml)
        file.flush()
        text = run("template", "x", Path(__file__).parent / "tojson", "--set-file", f"text={file.name}").stdout
    found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    for document in found:
        if "Error" in document:
            raise AssertionError(f"not YAML: {document['Error']}")
    return found


def render(*arguments):
    """The objects of a release, by (kind, namespace, name)."""
    found = {}
    for item in objects(template(*arguments).stdout):
        key = (item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"])
        if key in found:
            raise AssertionError(f"twice in the release: {key}")
        found[key] = item
    return found
