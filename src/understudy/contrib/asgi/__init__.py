"""Understudy in an ASGI app: FastAPI, Starlette, Litestar, or anything else that speaks ASGI.

::

    app = UnderstudyMiddleware(app, understudy=understudy, load_user=get_user)

Around the whole app: Starlette's ``add_middleware`` leaves the handler of unknown errors outside.
"""

from __future__ import annotations

from understudy.contrib.asgi.middleware import UnderstudyMiddleware
from understudy.sdk.leaving import AfterEnd

__all__ = ["AfterEnd", "UnderstudyMiddleware"]
