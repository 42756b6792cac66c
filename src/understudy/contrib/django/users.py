"""The app's users, as Django's authentication backends find them."""

from __future__ import annotations

from django.contrib import auth
from django.core.exceptions import ValidationError

from understudy.sdk.passage.identity import default_user_id
from understudy.sdk.values import Subject


def load_user(subject: Subject) -> object:
    """The user whose primary key is the subject's id; None for nobody, and for inactive ones.

    By the first authentication backend that knows them, as for everybody who signs in.
    """
    try:
        key = auth.get_user_model()._meta.pk.to_python(subject.id)
    except ValidationError:
        return None
    for backend in auth.get_backends():
        user = backend.get_user(key) if hasattr(backend, "get_user") else None
        if user is not None:
            # A backend may let inactive users in; whoever works as one would work unseen.
            return user if user.is_active else None
    return None


def user_id(user: object) -> object:
    """The user's primary key; of what is no model, its ``id``."""
    return user.pk if hasattr(user, "pk") else default_user_id(user)
