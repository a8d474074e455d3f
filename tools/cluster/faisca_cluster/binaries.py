"""The programs that Debian does not have, kept between runs in a cache folder named by what they were made from.

    CACHE/kubernetes/KEY/   kube-apiserver … kubectl    built from Go modules (kubernetes_build.py)
    CACHE/helm/VERSION/     helm                        out of an npm package (helm.py)

CACHE is ${XDG_CACHE_HOME:-~/.cache}/faisca. An entry is made under another name and renamed, so a folder that is there
is whole; a lock keeps two makers apart.
"""
import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from . import helm, kubernetes_build
from .problem import Problem


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "faisca"


def kubernetes():
    """The folder with the Kubernetes programs; builds them when they are missing."""
    return _kept(cache_folder() / "kubernetes" / kubernetes_build.key(), kubernetes_build.make)


def helm_folder():
    """The folder with helm; fetches it when it is missing."""
    return _kept(cache_folder() / "helm" / helm.VERSION, helm.make)


def _kept(folder, make):
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise Problem(f"cannot make {folder.parent}: {failure.strerror}", "XDG_CACHE_HOME names a folder that can be written") from None
    with _lock(folder.parent / "lock"):
        if folder.is_dir():
            return folder
        for left in folder.parent.glob("partial-*"):  # of an interrupted run; we hold the lock
            shutil.rmtree(left, ignore_errors=True)
        partial = Path(tempfile.mkdtemp(prefix="partial-", dir=folder.parent))
        try:
            make(partial)
            partial.chmod(0o755)
            partial.rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return folder


@contextlib.contextmanager
def _lock(path):
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
