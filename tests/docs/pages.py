"""The documents of the project, as the blocks of code that they show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN = frozenset({"bash", "console", "python"})
"""Blocks in these languages are run, every one of them."""
SHOWN = frozenset(
    {
        "",
        "caddyfile",
        "cedar",
        "html",
        "ini",
        "js",
        "json",
        "mermaid",
        "nginx",
        "sql",
        "text",
        "ts",
        "tsx",
        "yaml",
    }
)
"""Blocks in these languages are only looked at by readers."""
_FENCE = re.compile(r"^( *)```(\S*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block. ``where`` says where it stands, for messages."""

    where: str
    language: str
    text: str


def pages() -> Sequence[Path]:
    """Every document that people read."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text()
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        indent, language, body = found.groups()
        yield Block(
            where=f"{page.relative_to(ROOT)}:{line}",
            language=language,
            text=re.sub(rf"^{indent}", "", body, flags=re.MULTILINE),
        )
