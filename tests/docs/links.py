#!/usr/bin/env python3
"""Every relative link in the repository's Markdown leads to a file, and every anchor to a heading. Usage: links.py [ROOT]."""
import re
import sys
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)


def anchors(text):
    """Headings as the common hosts turn them into anchors."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
            for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.M)}


def broken_links(page, root):
    text = page.read_text()
    for target in LINK.findall(FENCE.sub("", text)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        if not goal.exists():
            yield f"{page.relative_to(root)}: {target}: no such file"
        elif anchor and goal.suffix == ".md" and anchor not in anchors(goal.read_text()):
            yield f"{page.relative_to(root)}: {target}: no such heading"


def main(root):
    pages = [page for page in sorted(root.rglob("*.md")) if page.relative_to(root).parts[0] not in {"build", "bin", ".git"}]
    broken = [line for page in pages for line in broken_links(page, root)]
    print("\n".join(broken))
    print(f"{len(pages)} pages, {len(broken)} broken links")
    return 1 if broken or not pages else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
