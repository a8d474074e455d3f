"""A disk that is full while a function is stored: a clear error, and nothing that was there is lost.

The home is a tmpfs of two megabytes in a mount namespace of its own, which ends with the platform.
"""
import os
import subprocess
import unittest

from support.functions import bash
from support.platform import Platform, temporary_home


def mount_namespaces_work():
    command = ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0


@unittest.skipUnless(mount_namespaces_work(), "needs root and mount namespaces (unshare -m)")
class DiskFull(unittest.TestCase):
    def setUp(self):
        self.home = temporary_home()
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", self.home], check=True))
        mount = f"mount -t tmpfs -o size=2m none {self.home} && exec \"$@\""
        self.platform = self.enterContext(Platform(home=self.home, wrapper=["unshare", "-m", "sh", "-c", mount, "sh"]))

    def inside(self, *command):
        """Runs a command where the platform's files can be seen."""
        return subprocess.run(["nsenter", "-m", "-t", str(self.platform.process.pid), *command], capture_output=True, text=True)

    def test_the_deploy_fails_clearly_and_what_was_deployed_stays(self):
        self.platform.deploy(bash("before", "echo before"))
        self.inside("dd", "if=/dev/zero", f"of={self.home}/filler", "bs=4k")
        done = self.platform.cli("deploy", "-f", "-", data=bash("late", "echo late\n" + "# filler\n" * 2000))
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "(?i)space")
        self.assertEqual(self.platform.invoke("late").status, 404)
        self.assertEqual(self.platform.invoke("before").body, b"before\n")
        changed = self.platform.cli("deploy", "-f", "-", data=bash("before", "echo after\n" + "# filler\n" * 2000))
        self.assertNotEqual(changed.returncode, 0)
        self.assertEqual(self.platform.invoke("before").body, b"before\n")
        left = self.inside("ls", "-A", f"{self.home}/functions").stdout.split()
        self.assertEqual(left, ["before.yaml"], "nothing half-written")

        self.inside("rm", f"{self.home}/filler")
        self.platform.deploy(bash("late", "echo late"))
        self.assertEqual(self.platform.invoke("late").body, b"late\n")


if __name__ == "__main__":
    unittest.main()
