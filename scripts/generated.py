"""Files that are written from the code: writing them, and finding those that are out of date."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def stale(files: Mapping[Path, str]) -> Sequence[Path]:
    """The files that are not what the code says by now."""
    return [path for path, text in files.items() if not path.exists() or path.read_text() != text]


def write(files: Mapping[Path, str], arguments: Sequence[str], *, command: str) -> int:
    """Write the files, or with `--check` only name those that ``command`` would change."""
    if "--check" in arguments:
        found = stale(files)
        for path in found:
            shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
            sys.stderr.write(f"{shown} is out of date: {command}\n")
        return int(bool(found))
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0
