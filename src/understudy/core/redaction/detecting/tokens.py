"""Secrets that are known by how they begin; never by their length alone.

By length they cannot be told from what a page needs: CSRF fields, nonces, hashes of assets,
cursors, and addresses that are signed.
"""

from __future__ import annotations

import re

from understudy.core.redaction.detecting.finding import Finding

_SHAPES = (
    r"eyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*",  # RFC 7519
    r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8,}",
    r"sk-[A-Za-z0-9_-]{20,}",
    r"whsec_[A-Za-z0-9+/=]{16,}",
    r"gh[pousr]_[A-Za-z0-9]{20,}",
    r"github_pat_[A-Za-z0-9_]{20,}",
    r"glpat-[A-Za-z0-9_-]{16,}",
    r"xox[abeoprs]-[A-Za-z0-9-]{10,}",
    r"(?:AKIA|ASIA)[0-9A-Z]{16}",
    r"AIza[A-Za-z0-9_-]{35}",
    r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    r"npm_[A-Za-z0-9]{30,}",
    r"pypi-[A-Za-z0-9_-]{20,}",
    r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{24,}",
    r"dop_v1_[a-f0-9]{32,}",
)
_KEY = r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"
TOKEN = Finding(
    re.compile(rf"(?<![A-Za-z0-9_-])(?:{'|'.join(_SHAPES)})|{_KEY}", re.DOTALL),
    r"eyJ|[rs]k_|sk-|whsec_|gh[pousr]_|github_pat|glpat-|xox|AKIA|ASIA|AIza|SG\."
    r"|npm_|pypi-|shp|dop_v1|-----BEGIN",
    marks=(
        *("eyJ", "k_", "sk-", "whsec_", "gh", "glpat-", "xox", "AKIA", "ASIA", "AIza", "SG."),
        *("npm_", "pypi-", "shp", "dop_v1", "-----BEGIN"),
    ),
)
