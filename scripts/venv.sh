#!/bin/sh
# Makes the virtual environment $1 with the first Python that is new enough, and uv in it.
set -eu
venv=$1

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! { [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python"; }; then
  python=
  for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null && new_enough "$candidate"; then python=$candidate; break; fi
  done
  if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null || echo "no python3")
    echo "Understudy needs Python 3.11 or newer; there is $found on PATH." >&2
    echo "Install one and start again, or name it: make PYTHON=/path/to/python3.12 ..." >&2
    exit 1
  fi
  # Debian ships the module that puts pip into a new environment as a package of its own.
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3-venv >/dev/null
    else
      echo "Python's venv module is incomplete. On Debian: sudo apt install python3-venv" >&2
      exit 1
    fi
  fi
  echo "== $venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements/bootstrap.txt
