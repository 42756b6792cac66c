"""The application that a caller names."""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.ports import Reader
from understudy.errors import NotFound


def known_application(reader: Reader, application_id: str) -> Application:
    """The application with this id.

    :raises NotFound: there is none.
    """
    application = reader.applications.get(application_id)
    if application is None:
        raise NotFound("There is no such application.")
    return application
