"""How allauth signs people in."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """Its people are there from the start; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False


def display(user: User) -> str:
    """What somebody is called where allauth speaks of them."""
    name: str = user.get_full_name()
    return name
