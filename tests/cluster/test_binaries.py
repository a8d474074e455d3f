"""The cache of programs: what is in it is whole, made once, and named by what it was made from."""
import os
import re
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

import tools  # noqa: F401  puts faisca_cluster into the path
from faisca_cluster import binaries, go, kubernetes_build
from faisca_cluster.problem import Problem


class CacheTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="faisca-cache-")
        self.addCleanup(folder.cleanup)
        self.cache = Path(folder.name)
        patch = mock.patch.dict(os.environ, XDG_CACHE_HOME=folder.name)
        patch.start()
        self.addCleanup(patch.stop)
        self.made = 0

    def make(self, folder):
        self.made += 1
        (folder / "program").write_text("made")

    def kept(self, make=None):
        return binaries._kept(binaries.cache_folder() / "kind/key", make or self.make)

    def test_makes_once(self):
        self.assertEqual((self.kept() / "program").read_text(), "made")
        self.assertEqual(self.kept(), self.cache / "faisca/kind/key")
        self.assertEqual(self.made, 1)

    def test_a_maker_that_fails_leaves_nothing(self):
        def fail(folder):
            (folder / "program").write_text("half")
            raise Problem("no")

        with self.assertRaises(Problem):
            self.kept(fail)
        self.assertEqual([path.name for path in (self.cache / "faisca/kind").iterdir()], ["lock"])
        self.assertEqual((self.kept() / "program").read_text(), "made")

    def test_removes_what_a_killed_maker_left(self):
        left = self.cache / "faisca/kind/partial-x"
        left.mkdir(parents=True)
        self.kept()
        self.assertFalse(left.exists())

    def test_two_at_once_make_it_once(self):
        begun, proceed = threading.Event(), threading.Event()

        def slowly(folder):
            begun.set()
            proceed.wait(10)
            self.make(folder)

        threads = [threading.Thread(target=self.kept, args=[slowly]), threading.Thread(target=self.kept, args=[slowly])]
        threads[0].start()
        begun.wait(10)
        threads[1].start()
        proceed.set()
        for thread in threads:
            thread.join(10)
        self.assertEqual(self.made, 1)

    def test_names_a_folder_that_cannot_be_made(self):
        (self.cache / "faisca").write_text("a file")
        with self.assertRaisesRegex(Problem, "cannot make .*/faisca/kind"):
            self.kept()


class KubernetesBuildTest(unittest.TestCase):
    def test_the_key_changes_with_the_sources_the_flags_and_the_compiler(self):
        key = kubernetes_build.key()
        self.assertRegex(key, "^[0-9a-f]{16}$")
        self.assertEqual(key, kubernetes_build.key())
        with mock.patch.object(go, "version", return_value="go1.0"):
            self.assertNotEqual(key, kubernetes_build.key())
        with mock.patch.object(kubernetes_build, "linker_flags", return_value="-s"):
            self.assertNotEqual(key, kubernetes_build.key())

    def test_every_kubernetes_module_has_the_release_of_the_others(self):
        text = (kubernetes_build.MODULE / "go.mod").read_text()
        minor = kubernetes_build.version().partition(".")[2]
        replaced = dict(re.findall(r"^\t(k8s\.io/\S+) => k8s\.io/\S+ (v\S+)$", text, re.MULTILINE))
        self.assertEqual(set(replaced.values()), {f"v0.{minor}"})
        for module, version in re.findall(r"^\t(k8s\.io/\S+) (v0\.\S+)", text, re.MULTILINE):
            if module in replaced:
                self.assertEqual(version, f"v0.{minor}", module)

    def test_the_binary_says_its_version(self):
        self.assertIn(f"-X k8s.io/component-base/version.gitVersion=v{kubernetes_build.version()} ", kubernetes_build.linker_flags())


class GoTest(unittest.TestCase):
    def test_takes_the_machines_go_when_it_is_new_enough(self):
        for version, wanted in (("go1.24", "go1.24"), ("go1.26.8", "go1.26.8"), ("go2.0", "go2.0"), ("go1.19.8", go.FETCHED), ("", go.FETCHED)):
            with self.subTest(version), mock.patch.object(go, "_version_of", return_value=version):
                self.assertEqual(go.version(), wanted)

    def test_says_what_to_do_without_go(self):
        with mock.patch.object(go, "_installed", return_value=None), self.assertRaises(Problem) as caught, go.toolchain():
            pass
        self.assertIn("./dev deps cluster", caught.exception.hint)


if __name__ == "__main__":
    unittest.main()
