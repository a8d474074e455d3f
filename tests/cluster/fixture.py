"""The fixture kube_node: a cluster of two nodes with our chart, made of this build's programs, for the tests of label `cluster`.

    fixture.py up|down FOLDER BINARIES

Where the machine does not allow a cluster, `up` says so and leaves the reason in FOLDER/impossible, which the tests give as
the reason why they skip. FAISCA_CLUSTER names the cluster, so that a developer's own goes on running.
"""
import os
import subprocess
import sys
from pathlib import Path

from tools import TOOLS

NODES = 2


def cluster(*arguments, **options):
    return subprocess.run([TOOLS / "cluster", *arguments], text=True, **options)


def up(folder, binaries):
    folder.mkdir(parents=True, exist_ok=True)
    reason = cluster("check", stdout=subprocess.PIPE).stdout.strip()
    (folder / "impossible").write_text(reason)
    if reason:
        print(f"no cluster can run here: {reason}")
        return 0
    cluster("down", check=True)
    # The guard must wait for ctest, not for us.
    subprocess.run([TOOLS / "images", "--binaries", binaries, "--output", os.environ["FAISCA_IMAGES"]], check=True)
    cluster("up", "--with", str(os.getppid()), "--nodes", str(NODES), check=True)
    cluster("install", check=True)
    return 0


def main(command, folder, binaries):
    try:
        return up(Path(folder), binaries) if command == "up" else cluster("down").returncode
    except subprocess.CalledProcessError as failure:
        return failure.returncode


sys.exit(main(*sys.argv[1:]))
