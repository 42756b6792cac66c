"""Understudy in a Flask app.

::

    app.config.from_prefixed_env()  # FLASK_UNDERSTUDY_URL, …_APPLICATION_ID, …_SECRET
    Understudy(app)

With Flask-Login this is all: ``current_user`` is the subject in a session, and the agent's own
sign-in stays as it is. In templates ``impersonation`` tells who works as whom.
"""

from __future__ import annotations

from understudy.contrib.flask.extension import Understudy

__all__ = ["Understudy"]
