#!/bin/sh
# Pins every Python package that pyproject.toml leads to, for all platforms and Pythons we support.
set -eu
compile() {
  name=$1; shift
  .venv/bin/python -m uv pip compile --quiet --upgrade --universal --python-version 3.11 \
    --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
    --output-file "requirements/$name.txt" "$@"
}
compile bootstrap --group bootstrap
compile node --group node
compile demo pyproject.toml --extra server --extra postgres --extra demo
compile dev pyproject.toml --extra server --extra postgres --extra demo --group dev --constraints requirements/demo.txt
compile bench --group bench --constraints requirements/dev.txt
