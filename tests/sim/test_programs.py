#!/usr/bin/env python3
"""Every packet function on the simulated pipeline at line rate: nothing lost, and all packets and maps as in the kernel.

Usage: test_programs.py FAISCA_SIM TEMPLATES
"""
import json
import os
import platform
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from scenarios import SCENARIOS

SIM, TEMPLATES = (Path(sys.argv.pop(1)).resolve() for _ in range(2))
KERNEL = "kernel" if os.geteuid() == 0 else "model"


class Programs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        for scenario in SCENARIOS:
            subprocess.run(["clang-19", "-O2", "-g", "-target", "bpf", "-mcpu=v3", f"-I/usr/include/{platform.machine()}-linux-gnu",
                            "-c", TEMPLATES / f"{scenario.name}.c", "-o", cls.folder / f"{scenario.name}.o"], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def simulate(self, scenario, *options):
        command = [SIM, "--object", self.folder / f"{scenario.name}.o", "--json", "-", *scenario.arguments(self.folder), *options]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=250)
        self.assertEqual(done.returncode, 0, f"{scenario.name}: {done.stderr}{done.stdout[-2000:]}")
        return json.loads(done.stdout)

    def test_packets_and_maps_are_as_the_oracle_says(self):
        for scenario in SCENARIOS:
            for size in (60, 65, 129, 1514):
                with self.subTest(scenario.name, size=size):
                    count = 240 if size < 200 else 60
                    oracle = KERNEL if size == 60 else "model"  # a test run in the kernel takes milliseconds
                    figures = self.simulate(scenario, "--size", str(size), "--packets", str(count), "--oracle", oracle)
                    self.assertEqual(figures["oracle"]["packets"], figures["packets"]["taken"])
                    self.assertEqual(figures["oracle"]["different"], 0)

    def test_no_packet_is_lost_at_line_rate(self):
        for scenario in SCENARIOS:
            if scenario.mpps < 59:
                continue
            with self.subTest(scenario.name):
                figures = self.simulate(scenario, "--packets", "4000")
                self.assertGreaterEqual(figures["mpps"]["processed"], scenario.mpps)
                self.assertEqual(figures["packets"]["taken"], 4000)
                if scenario.leaves:
                    self.assertEqual(figures["packets"]["out"], 4000)
                if scenario.latency_ns:
                    self.assertLessEqual(figures["latencyNs"]["p50"], scenario.latency_ns)

    def test_long_programs_process_what_they_should_of_an_overload(self):
        for scenario in SCENARIOS:
            if scenario.mpps >= 59:
                continue
            with self.subTest(scenario.name):
                figures = self.simulate(scenario, "--packets", "4000")
                self.assertGreaterEqual(figures["mpps"]["processed"], scenario.mpps)
                lost = figures["packets"]["in"] - figures["packets"]["taken"]
                self.assertEqual(figures["packets"]["dropped"].get("no free engine", 0), lost)


if __name__ == "__main__":
    unittest.main()
