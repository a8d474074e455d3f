"""Images: what is built is what the definition says, built again only when something differs, and mistakes are named."""
import json
import tarfile
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from tools import TOOLS, run
from faisca_cluster import image_definition, images
from faisca_cluster.image_root import ImageRoot
from faisca_cluster.problem import Problem


class ImagesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="faisca-images-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def build(self, output, *names):
        with mock.patch.object(images, "say"):
            return images.build(names, self.folder, self.folder / output)

    def definition(self, **text):
        (self.folder / "x.json").write_text(json.dumps(text))
        return image_definition.load("x", self.folder)

    def test_every_definition_can_be_read(self):
        for name in image_definition.known_images():
            with self.subTest(name):
                self.assertTrue(image_definition.load(name).about)

    def test_equal_inputs_give_an_equal_digest(self):
        first, second = self.build("a", "pause")["pause"], self.build("b", "pause")["pause"]
        self.assertEqual(first["digest"], second["digest"])
        self.assertEqual(first["reference"], f"faisca.dev/pause:{images.version()}")

    def test_an_image_holds_no_more_than_it_needs_and_runs_as_an_ordinary_user(self):
        self.build("a", "pause")
        with tarfile.open(self.folder / "a/pause.tar") as archive:
            blobs = {Path(member.name).name: archive.extractfile(member) for member in archive if member.isfile()}
            index = json.load(blobs["index.json"])
            manifest = json.load(blobs[index["manifests"][0]["digest"].split(":")[1]])
            config = json.load(blobs[manifest["config"]["digest"].split(":")[1]])
            with tarfile.open(fileobj=blobs[manifest["layers"][0]["digest"].split(":")[1]], mode="r:gz") as layer:
                files = {member.name: member for member in layer}
        self.assertEqual(config["config"]["User"], "10001:10001")
        self.assertEqual(config["config"]["Entrypoint"], ["/pause"])
        self.assertEqual(sorted(files), ["etc", "etc/group", "etc/passwd", "pause", "tmp", "usr"])
        self.assertEqual({(member.uid, member.gid, member.mtime) for member in files.values()}, {(0, 0, 0)})
        self.assertEqual(files["tmp"].mode, 0o1777)

    def test_builds_nothing_when_nothing_changed(self):
        self.build("a", "pause")
        with mock.patch.object(images, "_build_one", side_effect=AssertionError("built again")):
            self.build("a", "pause")

    def test_builds_again_when_the_archive_is_gone(self):
        self.build("a", "pause")
        (self.folder / "a/pause.tar").unlink()
        self.build("a", "pause")
        self.assertTrue((self.folder / "a/pause.tar").exists())

    def test_names_a_program_that_was_not_built(self):
        with self.assertRaisesRegex(Problem, "image gateway: .*/faisca-gateway-kubernetes does not exist"):
            self.build("a", "gateway")

    def test_refuses_what_it_does_not_know(self):
        with self.assertRaises(Problem) as caught:
            self.definition(about="x", entrypoint=["/x"], program=["x"])
        self.assertIn("unknown key 'program'", str(caught.exception))
        self.assertEqual(caught.exception.hint, "did you mean programs?")
        with self.assertRaisesRegex(Problem, "'entrypoint' must be a list, not \"/x\""):
            self.definition(about="x", entrypoint="/x")
        with self.assertRaisesRegex(Problem, "'about' is missing"):
            self.definition(entrypoint=["/x"])

    def test_the_command_suggests_a_name(self):
        done = run(TOOLS / "images", "--output", self.folder, "runtime-python")
        self.assertEqual(done.returncode, 1)
        self.assertIn("error: there is no image 'runtime-python'\nhint: did you mean runtime-python3?", done.stderr)


class ImageRootTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="faisca-root-")
        self.addCleanup(folder.cleanup)
        self.root = ImageRoot(folder.name)

    def test_a_program_brings_its_libraries(self):
        self.root.add_program("/bin/sh", "/bin/sh")
        self.root.check_libraries()
        self.assertTrue((self.root.folder / "usr/lib/x86_64-linux-gnu/libc.so.6").is_file())
        self.assertTrue((self.root.folder / "lib64/ld-linux-x86-64.so.2").is_file())
        self.assertTrue((self.root.folder / "bin").is_symlink())

    def test_names_the_library_that_is_missing(self):
        self.root.add_program("/bin/sh", "/bin/sh")
        self.root.remove("/usr/lib/*/libc.so.6")
        with self.assertRaisesRegex(Problem, "/usr/bin/sh needs libc.so.6, which is not in the image"):
            self.root.check_libraries()

    def test_patterns_remove_files_folders_and_links(self):
        for path in ("/usr/share/a/b", "/usr/share/c"):
            self.root.write(path, "")
        self.root.link("/usr/share/d", "c")
        self.root.remove("/usr/share/?")
        self.assertEqual(list((self.root.folder / "usr/share").iterdir()), [])


if __name__ == "__main__":
    unittest.main()
