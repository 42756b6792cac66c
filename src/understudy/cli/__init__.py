"""The command line, one module a verb."""

from __future__ import annotations


def main() -> None:
    """Run ``understudy``; the entry point of the installed command."""
    from understudy.cli.commands import app

    app(prog_name="understudy")
