"""Understudy in a WSGI app: Pyramid, Bottle and any other (PEP 3333); see docs/howto/wsgi.md.

::

    understudy = Understudy.remote("https://understudy.example", APPLICATION_ID, SECRET)
    app = UnderstudyMiddleware(app, understudy=understudy, load_user=get_user)
"""

from __future__ import annotations

from understudy.contrib.wsgi.middleware import UnderstudyMiddleware

__all__ = ["UnderstudyMiddleware"]
