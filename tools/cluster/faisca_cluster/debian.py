"""Debian packages as archives: fetched by apt without installing them, kept in the cache, unpacked into folders."""
import os
import re
import subprocess
from pathlib import Path

from .binaries import cache_folder
from .problem import Problem


def archives(packages):
    """Paths of the packages' archives, fetched when the cache lacks them."""
    folder = cache_folder() / "debian"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = _wanted(packages, folder)
    missing = [package for package, file in wanted.items() if not file.exists()]
    if missing:
        _apt("download", *missing, folder=folder)
    still = [package for package in missing if not wanted[package].exists()]
    if still:
        raise Problem(f"apt-get download did not bring {', '.join(still)}")
    return list(wanted.values())


def unpack(archive, folder):
    subprocess.run(["dpkg-deb", "--extract", archive, folder], check=True)


def _wanted(packages, folder):
    """Package → archive of the version that apt would take; of the newest in the cache when apt knows none."""
    if not packages:
        return {}
    # 'http://…/x_1.deb' x_1.deb 1234 SHA256:…
    listing = _apt("download", "--print-uris", *packages, folder=folder, check=False)
    named = dict(re.findall(r"^'[^']*' (([^_\s]+)_\S+\.deb) ", listing, re.MULTILINE))
    offered = {package: folder / file for file, package in named.items()}
    for package in packages:
        if package not in offered:
            kept = sorted(folder.glob(f"{package}_*.deb"), key=lambda path: path.stat().st_mtime)
            if not kept:
                raise Problem(f"apt does not know the package {package}", "apt-get update; the package sources must name Debian 12 main")
            offered[package] = kept[-1]
    return {package: offered[package] for package in packages}


def _apt(*arguments, folder, check=True):
    # As root apt would fetch as another user, who may not write here.
    command = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    if check and done.returncode != 0:
        raise Problem(f"apt-get {' '.join(arguments)} failed: {done.stderr.strip()}", "is the network there?")
    return done.stdout
