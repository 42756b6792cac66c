"""``python -m benchmarks [NAME …] [--json] [--smoke]``: measure, print, and say what is broken."""

from __future__ import annotations

import argparse
import sys

from benchmarks import registry, table
from benchmarks.row import Row
from benchmarks.scale import FULL, SMOKE


def main() -> int:
    """Print every row as soon as it is known; 1 when a bar is broken."""
    chosen = _arguments().parse_args()
    if not chosen.json:
        sys.stdout.write(table.heading() + "\n")
    rows: list[Row] = []
    for row in registry.measured(chosen.names, SMOKE if chosen.smoke else FULL):
        rows.append(row)
        if not chosen.json:
            sys.stdout.writelines(f"{line}\n" for line in table.lines(row))
            sys.stdout.flush()
    if chosen.json:
        sys.stdout.write(table.dumps(rows) + "\n")
    return 1 if any(row.kept is False for row in rows) else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(registry.names()))
    parser.add_argument("--json", action="store_true", help="one JSON document at the end")
    parser.add_argument(
        "--smoke", action="store_true", help="only see that all of it runs; figures mean nothing"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
