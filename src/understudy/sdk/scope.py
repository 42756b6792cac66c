"""A request in the words of ASGI, which the SDK reads under every framework.

Adapters of other interfaces say theirs in the same words: keys ``type``, ``method``, ``path``,
``raw_path``, ``root_path``, ``query_string``, ``headers``, ``scheme`` and ``client``.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
