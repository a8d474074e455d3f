"""Functions as text, to deploy."""
import base64
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

CLANG = shutil.which("clang-19") or shutil.which("clang")


def function(name, **spec):
    # JSON is YAML, too.
    return json.dumps({"apiVersion": "faisca.dev/v1alpha1", "kind": "Function", "metadata": {"name": name}, "spec": spec})


def bash(name, code, **spec):
    return function(name, source={"runtime": "bash", "inline": code}, **spec)


def offload(name, object_bytes, output="decimal", convention="mem", **rest):
    text = base64.b64encode(object_bytes).decode()
    return function(name, offload={"convention": convention, "object": {"inline": text}, "output": output, **rest})


def compile_bpf(code):
    """The object of this C text, as `clang -target bpf` writes it."""
    with tempfile.TemporaryDirectory(prefix="faisca-bpf-") as folder:
        source, made = Path(folder, "program.c"), Path(folder, "program.o")
        source.write_text(code)
        subprocess.run([CLANG, "-target", "bpf", "-mcpu=v4", "-O2", "-g", "-c", source, "-o", made], check=True)
        return made.read_bytes()


FOUR = '__attribute__((section("mem"))) unsigned long four(void) { return 4; }'

CHECKSUM = """
__attribute__((section("mem"))) unsigned long checksum(const unsigned char* memory, unsigned long size) {
  unsigned long sum = 0, i = 0;
  for (; i + 1 < size; i += 2) sum += (unsigned long)memory[i] << 8 | memory[i + 1];
  if (i < size) sum += (unsigned long)memory[i] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
"""


def internet_checksum(body):
    """RFC 1071, as the checksum sample prints it."""
    padded = body + b"\0" * (len(body) % 2)
    total = sum(int.from_bytes(padded[i:i + 2], "big") for i in range(0, len(padded), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return f"0x{~total & 0xFFFF:04x}".encode()
