"""The dashboard of ``UNDERSTUDY["EMBEDDED"]`` in a site's own addresses.

::

path("understudy/", include("understudy.contrib.django.urls"))
"""

from __future__ import annotations

from importlib import import_module

from django.urls import re_path

# By its name: what runs in every site does not reach up to what few have installed.
_mount = import_module("understudy.embedded.mount.django")

app_name = "understudy"
urlpatterns = [re_path(r"^(?P<rest>.*)$", _mount.dashboard, name="dashboard")]
