#!/usr/bin/env python3
"""Runs stories: what a user types, and what comes back.

    NAME deploying twice says that it was there
    FILE hello.yaml
      kind: Function
      …
    RUN faisca deploy -f hello.yaml
    EXPECT
      …deployed…
    RUN faisca invoke nobody
    EXPECT 3
      error: …nobody…
    WITHIN 10 faisca invoke hello
    EXPECT
      hello

RUN is a command for bash, run in a new folder, with FAISCA_GATEWAY set and the binaries on PATH. EXPECT is its exit code
(0 if not given) and its output, both streams in order. `…` on a line of its own stands for any lines, `…` within a line
for any text. WITHIN repeats its command until it is as expected, at most that many seconds. Lines of FILE and EXPECT are
indented by two spaces. `#` begins a comment outside of them. All stories of a file share one platform.

Usage: story.py FILE…            run them
"""
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ANY = "…"
RUN_TIMEOUT = 120


@dataclass
class Step:
    command: str
    line: int
    within: float = 0.0
    code: int = 0
    output: list = field(default_factory=list)


@dataclass
class File:
    path: str
    line: int
    content: list = field(default_factory=list)


@dataclass
class Story:
    name: str
    line: int
    steps: list = field(default_factory=list)


class BadStory(Exception):
    pass


def parse(text):
    """The stories of a file; BadStory with the line's number for what is none."""
    stories, block = [], None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("  ") or (block is not None and not line.strip()):
            if block is None and line.strip():
                raise BadStory(f"line {number}: indented, but neither FILE nor EXPECT came before")
            if block is not None:
                block.append(line[2:])
            continue
        block = None
        word, _, rest = line.partition(" ")
        if not line.strip() or line.startswith("#"):
            continue
        if word == "NAME":
            stories.append(Story(rest.strip(), number))
            continue
        if not stories:
            raise BadStory(f"line {number}: a story begins with NAME")
        steps = stories[-1].steps
        if word == "FILE":
            steps.append(File(rest.strip(), number))
            block = steps[-1].content
        elif word == "RUN":
            steps.append(Step(rest.strip(), number))
        elif word == "WITHIN":
            seconds, _, command = rest.partition(" ")
            steps.append(Step(command.strip(), number, within=float(seconds)))
        elif word == "EXPECT":
            if not steps or not isinstance(steps[-1], Step):
                raise BadStory(f"line {number}: EXPECT follows RUN or WITHIN")
            steps[-1].code = int(rest or 0)
            block = steps[-1].output
        else:
            raise BadStory(f"line {number}: \"{word}\" is none of NAME, FILE, RUN, WITHIN, EXPECT")
    return stories


def pattern(lines):
    """The expected lines as a regular expression for the whole output."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    expression = ""
    for line in lines:
        if line.strip() == ANY:
            expression += r"(?:.*\n)*?"
        else:
            expression += ".*?".join(re.escape(part) for part in line.rstrip().split(ANY)) + r"[ \t]*\n"
    return re.compile(expression)


def matches(lines, output):
    if output and not output.endswith("\n"):
        output += "\n"
    return pattern(lines).fullmatch(output) is not None


def execute(step, folder, environment):
    """None, or what was different."""
    deadline = time.monotonic() + step.within
    while True:
        done = subprocess.run(["bash", "-c", step.command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=RUN_TIMEOUT)
        if done.returncode == step.code and matches(step.output, done.stdout):
            return None
        if time.monotonic() >= deadline:
            wanted = "".join(f"    {line}\n" for line in step.output) or "    (nothing)\n"
            got = "".join(f"    {line}\n" for line in done.stdout.splitlines()) or "    (nothing)\n"
            return f"  line {step.line}: {step.command}\n  expected {step.code}:\n{wanted}  got {done.returncode}:\n{got}"
        time.sleep(0.1)


def tell(story, environment):
    with tempfile.TemporaryDirectory(prefix="faisca-story-") as folder:
        for step in story.steps:
            if isinstance(step, File):
                path = Path(folder, step.path)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\n".join(step.content).rstrip("\n") + "\n")
            elif difference := execute(step, folder, environment):
                return difference
    return None


def main(files):
    from support.platform import BIN, ROOT, Platform

    failed = 0
    for file in files:
        stories = parse(Path(file).read_text())
        with Platform() as platform:
            environment = dict(os.environ, FAISCA_GATEWAY=platform.url, FAISCA_ROOT=str(ROOT), NO_COLOR="1",
                               PATH=f"{BIN}:{os.environ['PATH']}")
            for story in stories:
                difference = tell(story, environment)
                print(f"{'FAILED' if difference else 'ok    '} {Path(file).name}:{story.line} {story.name}", flush=True)
                if difference:
                    failed += 1
                    print(difference, flush=True)
            if failed:
                print(platform.logs())
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
