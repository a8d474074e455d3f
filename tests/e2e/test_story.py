"""The story runner itself; needs no platform."""
import os
import unittest

import story

TEXT = """\
# a comment
NAME first
FILE a/b.txt
  one

  two
RUN cat a/b.txt
EXPECT
  one

  two
NAME second
RUN echo out; echo err >&2; exit 3
EXPECT 3
  out
  e…r
"""


class Parse(unittest.TestCase):
    def test_reads_names_files_commands_and_expectations(self):
        first, second = story.parse(TEXT)
        self.assertEqual((first.name, first.line), ("first", 2))
        self.assertEqual(first.steps[0].path, "a/b.txt")
        self.assertEqual(first.steps[0].content, ["one", "", "two"])
        self.assertEqual(first.steps[1].output, ["one", "", "two"])
        self.assertEqual((second.steps[0].code, second.steps[0].line), (3, 13))

    def test_reads_within(self):
        (only,) = story.parse("NAME x\nWITHIN 2.5 true\nEXPECT\n")
        self.assertEqual((only.steps[0].within, only.steps[0].command), (2.5, "true"))

    def test_names_the_line_of_what_is_no_story(self):
        for text in ("RUN true\n", "NAME x\nEXPECT\n", "NAME x\nDO true\n", "NAME x\n  indented\n"):
            with self.assertRaisesRegex(story.BadStory, r"line \d"):
                story.parse(text)


class Matches(unittest.TestCase):
    def test_text_is_exact_but_for_trailing_blanks(self):
        self.assertTrue(story.matches(["a (b) [c]"], "a (b) [c]  \n"))
        self.assertTrue(story.matches(["a"], "a"))
        self.assertFalse(story.matches(["a"], "ab\n"))
        self.assertFalse(story.matches(["a"], "a\nb\n"))
        self.assertTrue(story.matches([], ""))
        self.assertFalse(story.matches([], "x\n"))

    def test_dots_stand_for_anything(self):
        self.assertTrue(story.matches(["a…c"], "abbbc\n"))
        self.assertFalse(story.matches(["a…c"], "ab\nc\n"))
        self.assertTrue(story.matches(["a", "…", "z"], "a\nb\nc\nz\n"))
        self.assertTrue(story.matches(["…"], ""))


class Tell(unittest.TestCase):
    def test_runs_in_a_folder_with_the_files(self):
        for each in story.parse(TEXT):
            self.assertIsNone(story.tell(each, dict(os.environ)))

    def test_shows_what_was_different(self):
        (bad,) = story.parse("NAME x\nRUN echo a\nEXPECT\n  b\n")
        difference = story.tell(bad, dict(os.environ))
        for part in ("line 2: echo a", "    b\n", "    a\n"):
            self.assertIn(part, difference)

    def test_within_repeats(self):
        (later,) = story.parse("NAME x\nWITHIN 20 test -e f || { touch f; false; }\nEXPECT\n")
        self.assertIsNone(story.tell(later, dict(os.environ)))


if __name__ == "__main__":
    unittest.main()
