"""What these tests share: the folder of the tools, their Python modules, kubectl."""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools/cluster"
sys.path.insert(0, str(TOOLS))


def run(*command, seconds=120, **options):
    """The finished process, with its output as text."""
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=seconds, **options)


class Kubectl:
    def __init__(self, kubeconfig):
        self.kubeconfig = Path(kubeconfig)
        self.folder = self.kubeconfig.parent

    def try_(self, *arguments, input=None):
        return run(self.folder / "bin/kubectl", "--kubeconfig", self.kubeconfig, *arguments, input=input,
                   env={**os.environ, "HOME": str(self.folder)})

    def __call__(self, *arguments, input=None):
        """Its output; an error that says what kubectl said when it fails."""
        done = self.try_(*arguments, input=input)
        if done.returncode != 0:
            raise AssertionError(f"kubectl {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout
