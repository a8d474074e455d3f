"""What goes into an image: deploy/images/NAME.json, in the words of deploy/images/README.md."""
import difflib
import json
from dataclasses import dataclass, field, fields
from pathlib import Path

from .problem import Problem

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "deploy/images"


@dataclass
class Definition:
    name: str
    about: str
    entrypoint: list
    programs: list = field(default_factory=list)
    tools: list = field(default_factory=list)
    packages: list = field(default_factory=list)
    without: list = field(default_factory=list)
    trees: list = field(default_factory=list)
    links: dict = field(default_factory=dict)
    env: dict = field(default_factory=dict)
    busybox: str = ""
    bytecode: str = ""
    static: str = ""
    function: str = ""


def known_images():
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def load(name, folder=FOLDER):
    path = folder / f"{name}.json"
    if not path.is_file():
        near = difflib.get_close_matches(name, known_images(), 1)
        raise Problem(f"there is no image '{name}'", f"did you mean {near[0]}?" if near else f"there are: {', '.join(known_images())}")
    try:
        text = json.loads(path.read_text())
    except json.JSONDecodeError as failure:
        raise Problem(f"{path}:{failure.lineno}: not JSON: {failure.msg}") from None
    types = {f.name: type(f.default_factory()) if callable(f.default_factory) else type(f.default) for f in fields(Definition) if f.name != "name"}
    types.update(about=str, entrypoint=list)
    for key, value in text.items():
        if key not in types:
            near = difflib.get_close_matches(key, types, 1)
            raise Problem(f"{path}: unknown key '{key}'", f"did you mean {near[0]}?" if near else "deploy/images/README.md lists the keys")
        if not isinstance(value, types[key]):
            raise Problem(f"{path}: '{key}' must be a {types[key].__name__}, not {json.dumps(value)}")
    for key in ("about", "entrypoint"):
        if not text.get(key):
            raise Problem(f"{path}: '{key}' is missing")
    return Definition(name=name, **text)
