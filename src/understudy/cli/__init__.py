"""The command line, one module a verb."""

from __future__ import annotations

from importlib.util import find_spec


def main() -> None:
    """Run ``understudy``; the entry point of the installed command."""
    # The command comes with every installation, what it is made of with the service alone.
    if find_spec("typer") is None:
        raise SystemExit(
            "The command line comes with the service: pip install 'understudy[server]'"
        )
    from understudy.cli.commands import app

    app(prog_name="understudy")
