"""Recorded programs: what was started is found and ended, and nothing else is."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tools  # noqa: F401  puts faisca_cluster into the path
from faisca_cluster.problem import Problem
from faisca_cluster.programs import Programs, start_time
from faisca_cluster.wait import until

STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(100)"]


class ProgramsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="faisca-programs-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.programs = Programs(self.folder)
        self.addCleanup(self.programs.stop_all, 0)

    def test_ends_what_it_started(self):
        pid = self.programs.start("sleeper", ["sleep", "100"]).pid
        self.assertTrue(self.programs.alive("sleeper"))
        self.programs.stop_all()
        self.assertIsNone(start_time(pid))
        self.assertEqual(self.programs.records(), {})

    def test_another_command_finds_the_programs(self):
        self.programs.start("sleeper", ["sleep", "100"])
        self.assertTrue(Programs(self.folder).alive("sleeper"))

    def test_kills_what_does_not_listen(self):
        pid = self.programs.start("deaf", STUBBORN).pid
        until(lambda: "deaf" in self.programs.last_words("deaf"), 10, "the program runs")
        self.programs.stop("deaf", grace=0.2)
        self.assertIsNone(start_time(pid))

    def test_leaves_a_process_alone_that_got_the_same_number_later(self):
        with subprocess.Popen(["sleep", "100"]) as other:
            self.addCleanup(other.kill)
            record = {"pid": other.pid, "started": start_time(other.pid) - 1, "argv": ["sleep"], "prefix": []}
            self.programs.file.write_text(json.dumps({"sleeper": record}))
            self.assertFalse(self.programs.alive("sleeper"))
            self.programs.stop_all()
            self.assertIsNone(other.poll())
            other.kill()

    def test_starts_a_stopped_program_again_with_the_same_arguments(self):
        self.programs.start("sleeper", ["sleep", "100"])
        with self.assertRaisesRegex(Problem, "running already"):
            self.programs.start_again("sleeper")
        self.programs.stop("sleeper")
        self.assertFalse(self.programs.alive("sleeper"))
        pid = self.programs.start_again("sleeper").pid
        self.assertEqual(Path(f"/proc/{pid}/cmdline").read_bytes(), b"sleep\000100\0")

    def test_names_a_program_that_cannot_be_started(self):
        with self.assertRaisesRegex(Problem, "cannot start etcd .*/no/such/etcd.*No such file"):
            self.programs.start("etcd", ["/no/such/etcd"])

    def test_says_which_programs_there_are(self):
        with self.assertRaises(Problem) as caught:
            self.programs.stop("etcd")
        self.assertIn("no program 'etcd'", str(caught.exception))

    def test_a_zombie_has_ended(self):
        child = os.fork()
        if child == 0:
            os._exit(0)
        until(lambda: start_time(child) is None, 10, "the child is a zombie")
        os.waitpid(child, 0)


if __name__ == "__main__":
    unittest.main()
