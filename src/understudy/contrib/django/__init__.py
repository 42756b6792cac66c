"""Understudy in a Django site, from Django 5.2 on.

::

    MIDDLEWARE = ["understudy.contrib.django.UnderstudyMiddleware", *MIDDLEWARE]
    UNDERSTUDY = {"URL": "https://understudy.example", "APPLICATION_ID": ..., "SECRET": ...}
"""

from __future__ import annotations

from understudy.contrib.django.middleware import UnderstudyMiddleware

__all__ = ["UnderstudyMiddleware"]
