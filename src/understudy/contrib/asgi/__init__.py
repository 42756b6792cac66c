"""Understudy in an ASGI app: FastAPI, Starlette, Litestar, or anything else that speaks ASGI.

::

    app.add_middleware(UnderstudyMiddleware, understudy=understudy, load_user=get_user)
    app = UnderstudyMiddleware(app, understudy=understudy, load_user=get_user)  # any ASGI app
"""

from __future__ import annotations

from understudy.contrib.asgi.middleware import UnderstudyMiddleware
from understudy.sdk.routes import AfterEnd

__all__ = ["AfterEnd", "UnderstudyMiddleware"]
