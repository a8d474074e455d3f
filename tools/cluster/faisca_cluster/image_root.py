"""The file tree of an image, put together in a folder and written as a tar that is the same for the same files.

Laid out as Debian's: /bin, /lib, /lib64 are links into /usr. A program brings its shared libraries along, as the dynamic loader
of this machine finds them; what is missing in the end is an error, not an image that does not start.
"""
import fnmatch
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

from .problem import Problem

LIBRARIES = Path("usr/lib/x86_64-linux-gnu")
LOADER = "ld-linux-x86-64.so.2"
MERGED = ("bin", "sbin", "lib", "lib64")
USER = 10001
PASSWD = f"root:x:0:0:root:/:/sbin/nologin\nfaisca:x:{USER}:{USER}:faisca:/tmp:/sbin/nologin\n"
GROUP = f"root:x:0:\nfaisca:x:{USER}:\n"
ELF = b"\x7fELF"


class ImageRoot:
    def __init__(self, folder):
        self.folder = Path(folder)
        for name in ("tmp", "etc", "usr"):
            (self.folder / name).mkdir()
        self.write("/etc/passwd", PASSWD)
        self.write("/etc/group", GROUP)
        (self.folder / "tmp").chmod(0o1777)

    def place(self, path):
        """Where an absolute path of the image is in the folder; its parents exist afterwards."""
        parts = Path(path.lstrip("/")).parts
        if parts[0] in MERGED:
            link = self.folder / parts[0]
            if not link.is_symlink():
                (self.folder / "usr" / parts[0]).mkdir(exist_ok=True)
                link.symlink_to(f"usr/{parts[0]}")
            parts = ("usr", *parts)
        target = self.folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def write(self, path, text, mode=0o644):
        target = self.place(path)
        target.write_text(text)
        target.chmod(mode)

    def copy(self, source, path, mode=0o755):
        target = self.place(path)
        shutil.copyfile(source, target)
        target.chmod(mode)

    def link(self, path, target):
        place = self.place(path)
        if not place.is_symlink() and not place.exists():
            place.symlink_to(target)

    def add_program(self, source, path):
        """A program and the libraries it loads; without its symbols."""
        self.copy(source, path)
        subprocess.run(["llvm-strip-19", "--strip-all", self.place(path)], check=True)
        self.add_libraries_of(source)

    def add_libraries_of(self, source):
        done = subprocess.run(["ldd", source], capture_output=True, text=True)
        if done.returncode != 0:  # it says so of static programs
            return
        for line in done.stdout.splitlines():
            found = re.match(r"\s*(\S+) => (\S+|not found)", line) or re.match(r"\s*(/\S+)() \(", line)
            if not found:
                continue
            name, library = found.groups()
            if library == "not found":
                raise Problem(f"{source} needs {name}, which is not installed")
            if name.endswith(LOADER):
                self.copy(library or name, f"/lib64/{LOADER}")
            elif name.startswith("lib"):
                self.copy(library, f"/{LIBRARIES}/{name}", 0o644)

    def add_tree(self, source):
        """A folder of this machine at the same place."""
        shutil.copytree(source, self.place(str(source)), symlinks=True)

    def add_unpacked(self, folder):
        """Everything of an unpacked package, its documentation excepted."""
        for source in sorted(Path(folder).rglob("*")):
            path = "/" + str(source.relative_to(folder))
            if re.match(r"/usr/share/(doc|man|lintian|bug|locale)(/|$)", path):
                continue
            if source.is_symlink():
                self.link(path, os.readlink(source))
            elif source.is_file():
                self.copy(source, path, source.stat().st_mode & 0o755)

    def remove(self, pattern):
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if fnmatch.fnmatch("/" + str(path.relative_to(self.folder)), pattern):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    def check_libraries(self):
        """Every library that a file of the image names is in the image."""
        binaries = [path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink() and _begins_with_elf(path)]
        if not binaries:
            return
        listing = subprocess.run(["llvm-readelf-19", "--needed-libs", *binaries], capture_output=True, text=True, check=True).stdout
        current = str(binaries[0])
        for line in listing.splitlines():
            if line.startswith("File: "):
                current = line[6:]
            elif line.startswith("  "):
                name = line.strip()
                if name != LOADER and not (self.folder / LIBRARIES / name).exists():
                    raise Problem(f"/{Path(current).relative_to(self.folder)} needs {name}, which is not in the image",
                                  "name its package under 'packages', or the file under 'without'")

    def write_tar(self, path):
        """Sorted, owned by root, of 1970: equal trees are equal tars."""
        with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
            for source in sorted(self.folder.rglob("*")):
                entry = archive.gettarinfo(source, arcname=str(source.relative_to(self.folder)))
                entry.uid = entry.gid = entry.mtime = 0
                entry.uname = entry.gname = ""
                if entry.islnk():  # two names of one file in the folder are two files in the image
                    entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", source.stat().st_size
                if entry.isreg():
                    with open(source, "rb") as content:
                        archive.addfile(entry, content)
                else:
                    archive.addfile(entry)

    def size(self):
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink())


def _begins_with_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == ELF
