#!/bin/sh
# Installs into .venv what its arguments name, as pip would: with uv for speed, with pip where uv fails.
# uv knows nothing of pip's settings, so the machine's certificate and index are handed on.
set -eu
python=.venv/bin/python
index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>/dev/null || true)}
[ -z "${SSL_CERT_FILE:-}${PIP_CERT:-}" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"
[ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
"$python" -m uv pip install --quiet --python "$python" "$@" ||
  "$python" -m pip install --quiet --disable-pip-version-check "$@"
