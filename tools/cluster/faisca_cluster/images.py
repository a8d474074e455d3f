"""Builds the images of deploy/images from the programs of a build, by umoci and skopeo, without a registry.

    OUTPUT/NAME.tar      OCI archive, for ctr images import, docker load, kind load, skopeo copy
    OUTPUT/images.json   what each was made of, its digest and size

An image is built again when something it is made of differs: its definition, this code, a program, a package.
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import debian
from .image_definition import ROOT, load
from .image_root import LIBRARIES, LOADER, USER, ImageRoot
from .problem import Problem, say

REGISTRY = "faisca.dev"
EPOCH = "1970-01-01T00:00:00Z"
SOURCES = ["images.py", "image_root.py", "image_definition.py"]


def version():
    return re.search(r"project\(faisca VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)


def build(names, binaries, output):
    """Returns the records of the images, by name."""
    output = Path(output).resolve()
    output.mkdir(parents=True, exist_ok=True)
    records = known(output)
    for name in names:
        definition = load(name)
        parts = _Parts(definition, Path(binaries).resolve())
        archive = output / f"{name}.tar"
        old = records.get(name)
        if old and old["key"] == parts.key and archive.exists():
            continue
        records[name] = {"key": parts.key, **_build_one(definition, parts, archive)}
        _write_json(output / "images.json", records)
        say(f"{records[name]['reference']:36} {_mebibytes(records[name]['compressed'])} MiB, unpacked {_mebibytes(records[name]['unpacked'])} MiB")
    return {name: records[name] for name in names}


def known(output):
    try:
        return json.loads((Path(output) / "images.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


class _Parts:
    """What an image is made of, found on this machine; `key` changes when any of it does."""

    def __init__(self, definition, binaries):
        self.programs = [binaries / name for name in definition.programs]
        self.tools = [self._found(name) for name in definition.tools]
        self.trees = [Path(tree) for tree in definition.trees if Path(tree).is_dir()]
        self.archives = debian.archives(definition.packages)
        self.sources = [ROOT / definition.static] if definition.static else []
        if definition.function:
            self.sources += sorted(path for path in (ROOT / definition.function).iterdir() if path.is_file())
        for path in [*self.programs, *self.sources]:
            if not path.is_file():
                raise Problem(f"image {definition.name}: {path} does not exist", "./dev images builds the programs first")
        self.key = self._key(definition)

    @staticmethod
    def _found(name):
        path = shutil.which(name)
        if path is None:
            raise Problem(f"'{name}' is not installed", "./dev deps cluster")
        return Path(path)

    def _key(self, definition):
        digest = hashlib.sha256(json.dumps([vars(definition), version()], sort_keys=True).encode())
        for source in [*(Path(__file__).with_name(name) for name in SOURCES), *self.sources]:
            digest.update(source.read_bytes())
        for path in [*self.programs, *self.tools, *self.archives]:
            status = path.stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
        return digest.hexdigest()[:16]


def _build_one(definition, parts, archive):
    with tempfile.TemporaryDirectory(prefix="image-", dir=archive.parent) as work:
        work = Path(work)
        (work / "root").mkdir()
        root = ImageRoot(work / "root")
        _fill(root, definition, parts, work)
        root.check_libraries()
        root.write_tar(work / "layer.tar")
        reference = f"{REGISTRY}/{definition.name}:{version()}"
        _assemble(definition, reference, work)
        (work / "image.tar").rename(archive)
        digest = json.loads((work / "oci/index.json").read_text())["manifests"][0]["digest"]
        return {"reference": reference, "digest": digest, "unpacked": root.size(), "compressed": archive.stat().st_size}


def _fill(root, definition, parts, work):
    for archive in parts.archives:
        folder = work / "packages" / archive.stem
        folder.mkdir(parents=True)
        debian.unpack(archive, folder)
        root.add_unpacked(folder)
    for pattern in definition.without:
        root.remove(pattern)
    for tool in parts.tools:
        root.add_program(tool.resolve(), f"/usr/bin/{tool.name}")
    for tree in parts.trees:
        root.add_tree(tree)
    for program in parts.programs:
        root.add_program(program, f"/usr/bin/{program.name}")
    for path, target in definition.links.items():
        root.link(path, target)
    if definition.busybox:
        for applet in _run([root.place(definition.busybox), "--list"]).split():
            root.link(f"/bin/{applet}", Path(definition.busybox).name)
    if definition.bytecode:
        _compile_python(root, definition.bytecode)
    if definition.static:
        _run(["musl-gcc", "-static", "-Os", "-s", "-Wall", "-Wextra", "-Werror", ROOT / definition.static,
              "-o", root.place("/" + Path(definition.static).stem)])
    if definition.function:
        # The same build script that `faisca deploy` runs.
        made = work / "function"
        made.mkdir()
        _run(["sh", "build.sh"], cwd=ROOT / definition.function, env={**os.environ, "OUT": str(made)})
        for file in sorted(made.iterdir()):
            root.copy(file, f"/function/{file.name}", file.stat().st_mode & 0o755)


def _compile_python(root, interpreter):
    """The root of a container is read-only, so the interpreter would compile its library at every start. Run from the image."""
    library = root.folder / "usr/lib" / Path(interpreter).name
    _run([root.place(f"/lib64/{LOADER}"), "--library-path", root.folder / LIBRARIES, root.place(interpreter), "-m", "compileall", "-q",
          "--invalidation-mode", "unchecked-hash", "-s", root.folder, "-p", "/", library],
         env={"PYTHONHOME": str(root.folder / "usr"), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"})


def _assemble(definition, reference, work):
    image = ["--image", f"{work}/oci:image"]
    settings = ["--config.user", f"{USER}:{USER}", "--architecture", "amd64", "--os", "linux", "--created", EPOCH,
                "--config.label", f"org.opencontainers.image.description={definition.about}",
                "--config.label", f"org.opencontainers.image.version={version()}",
                "--config.env", "PATH=/usr/local/bin:/usr/bin:/bin"]
    for part in definition.entrypoint:
        settings += ["--config.entrypoint", part]
    for name, value in definition.env.items():
        settings += ["--config.env", f"{name}={value}"]
    if definition.function:
        settings += ["--config.workingdir", "/function"]
    _run(["umoci", "init", "--layout", f"{work}/oci"])
    _run(["umoci", "new", *image])
    _run(["umoci", "raw", "add-layer", *image, "--history.created", EPOCH, f"{work}/layer.tar"])
    _run(["umoci", "config", *image, *settings, "--no-history"])
    _run(["umoci", "gc", "--layout", f"{work}/oci"])
    _run(["skopeo", "copy", "--quiet", "--insecure-policy", f"oci:{work}/oci:image", f"oci-archive:{work}/image.tar:{reference}"])


def _run(command, **options):
    command = [str(part) for part in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, **options)
    except FileNotFoundError:
        raise Problem(f"{command[0]} is not installed", "./dev deps cluster") from None
    if done.returncode != 0:
        raise Problem(f"{' '.join(command[:3])} failed: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


def _write_json(path, value):
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")
    partial.rename(path)


def _mebibytes(count):
    return f"{count / 1048576:5.1f}"
