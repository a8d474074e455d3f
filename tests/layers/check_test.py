#!/usr/bin/env python3
"""The layer check finds what it is for, in a tree made for it."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).with_name("check.py")


class LayerCheck(unittest.TestCase):
    def run_on(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return subprocess.run([sys.executable, CHECK, folder], capture_output=True, text=True)

    def test_accepts_includes_that_point_down(self):
        result = self.run_on({"lib/base/a.h": "", "gateway/b.cpp": '#include "lib/base/a.h"\n'})
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_refuses_a_component_that_includes_another(self):
        result = self.run_on({"watchdog/a.h": "", "gateway/b.cpp": '#include "watchdog/a.h"\n'})
        self.assertEqual(result.returncode, 1)
        self.assertIn("gateway/b.cpp:1: includes watchdog/a.h", result.stdout)

    def test_refuses_base_that_includes_something_above(self):
        result = self.run_on({"lib/http/a.h": "", "lib/base/b.h": '#include "lib/http/a.h"\n'})
        self.assertEqual(result.returncode, 1)

    def test_refuses_reading_the_environment_outside_main(self):
        files = {"lib/base/a.h": "", "gateway/b.cpp": '#include "lib/base/a.h"\nauto x = getenv("HOME");\n'}
        self.assertIn("only main.cpp does", self.run_on(files).stdout)


if __name__ == "__main__":
    unittest.main()
