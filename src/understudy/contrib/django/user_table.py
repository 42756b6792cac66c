"""Django's own user table, as the embedded service asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import reduce, wraps
from operator import or_
from typing import Any, TypeVar

from django.contrib import auth
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import close_old_connections
from django.db.models import Model, Q, QuerySet

from understudy.sdk.app_users import AppUser, Users

T = TypeVar("T")
_SEARCHED = ("first_name", "last_name")


def _on_a_thread_of_ours(asked: Callable[..., T]) -> Callable[..., T]:
    """The service asks on threads on which Django closes nothing by itself."""

    @wraps(asked)
    def ask(*args: Any) -> T:  # noqa: ANN401  (whatever it takes)
        close_old_connections()
        try:
            return asked(*args)
        finally:
            close_old_connections()

    return ask


@_on_a_thread_of_ours
def get_user(subject_id: str) -> AppUser | None:
    """The user with this primary key; None for nobody."""
    try:
        key = auth.get_user_model()._meta.pk.to_python(subject_id)
    except ValidationError:
        return None
    user = _users().filter(pk=key).first()
    return None if user is None else _app_user(user)


@_on_a_thread_of_ours
def search_users(query: str, limit: int) -> Iterable[AppUser]:
    """Those whose key is what was typed, or in whose names or address it stands."""
    found = _users().filter(_fits(query)) if query else _users()
    return [_app_user(user) for user in found.order_by("pk")[:limit]]


USERS = Users(get=get_user, search=search_users)
"""The default ``USERS``. Roles are the names of groups; superusers are protected."""


def _users() -> QuerySet[Any]:
    model = auth.get_user_model()
    users = model._default_manager.all()
    return users.prefetch_related("groups") if hasattr(model, "groups") else users


def _fits(query: str) -> Q:
    by_text = [Q(**{f"{name}__icontains": query}) for name in _texts()]
    with suppress(ValidationError):  # it is no key
        by_text.append(Q(pk=auth.get_user_model()._meta.pk.to_python(query)))
    return reduce(or_, by_text)


def _texts() -> Iterator[str]:
    model = auth.get_user_model()
    for name in dict.fromkeys((model.USERNAME_FIELD, model.get_email_field_name(), *_SEARCHED)):
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        yield name


def _app_user(user: Model) -> AppUser:
    full_name = getattr(user, "get_full_name", user.get_username)()
    groups = user.groups.all() if hasattr(user, "groups") else ()
    return AppUser(
        id=str(user.pk),
        email=getattr(user, user.get_email_field_name(), None) or None,
        name=full_name or user.get_username(),
        roles=tuple(sorted(group.name for group in groups)),
        protected=getattr(user, "is_superuser", False) is True,
        disabled=not user.is_active,
    )
