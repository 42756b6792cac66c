"""A list of users that the app has made itself, with a button for each."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

PAGE = Template(
    "{% load understudy %}<!doctype html><html><head></head><body>"
    "{% impersonation as session %}"
    "{% if session %}{{ session.actor.name }} as {{ user.username }}: {{ session.reason }}"
    "{% else %}{{ user.username }}{% endif %}"
    '{% for one in people %}<p class="row">{{ one.username }}</p>'
    '{% impersonate_button one label="View as" %}{% endfor %}'
    "</body></html>"
)


def people(request: HttpRequest) -> HttpResponse:
    context = RequestContext(request, {"people": User.objects.order_by("pk")})
    return HttpResponse(PAGE.render(context))


urlpatterns = [path("people", people)]
