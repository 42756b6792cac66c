"""*Impersonate* in Django's admin, on any model of the app's users."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.loader import select_template
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from understudy.contrib.django.offers import offer_of
from understudy.contrib.django.permission import is_allowed, may_begin

_READS = ("GET", "HEAD")


class ImpersonateAdminMixin:
    """Adds an action for one chosen user, and a link on the user's own page.

    It stands before the admin's own class::

        @admin.register(User)
        class MyUserAdmin(ImpersonateAdminMixin, UserAdmin): ...

    Both lead to a page that asks for the reason, to whoever ``has_impersonate_permission``.
    """

    change_form_template = "admin/understudy/change_form.html"

    def has_impersonate_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether ``request`` may impersonate ``obj``; without one, anybody at all."""
        return may_begin(request.user) if obj is None else is_allowed(request.user, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The model's own, and ours."""
        found: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        is_off = self.actions is None or IS_POPUP_VAR in request.GET  # type: ignore[attr-defined]
        if not is_off and self.has_impersonate_permission(request):
            found["impersonate"] = self.get_action("impersonate")  # type: ignore[attr-defined]
        return found

    @admin.action(description=gettext_lazy("Impersonate"))  # type: ignore[untyped-decorator]
    def impersonate(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Ask for the reason, when one user is chosen."""
        chosen = list(queryset[:2])
        if len(chosen) != 1:
            self.message_user(request, _("Choose one user."), messages.WARNING)  # type: ignore[attr-defined]
            return None
        return redirect(self._reason_url(chosen[0]))

    def get_urls(self) -> list[Any]:
        """The model's own, and that of the page that asks."""
        view = self.admin_site.admin_view(self.impersonate_view)  # type: ignore[attr-defined]
        ours = path("<path:object_id>/impersonate/", view, name=self._url_name())
        return [ours, *super().get_urls()]  # type: ignore[misc]

    def impersonate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page that asks for the reason, and sends it to our own address.

        :raises Http404: there is no such user.
        :raises PermissionDenied: not for whoever asks.
        """
        if request.method not in _READS:
            return HttpResponseNotAllowed(_READS)
        subject = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if subject is None:
            raise Http404
        may_see = self.has_view_or_change_permission(request, subject)  # type: ignore[attr-defined]
        if not may_see or not self.has_impersonate_permission(request, subject):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Impersonate %(subject)s") % {"subject": subject},
            "opts": self.opts,  # type: ignore[attr-defined]
            "offer": offer_of(request, subject),
        }
        return TemplateResponse(request, "admin/understudy/impersonate.html", context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: object,
        obj: Model | None = None,
        **kwargs: object,
    ) -> HttpResponse:
        """The user's own page, with a link for whoever may impersonate them."""
        may = obj is not None and self.has_impersonate_permission(request, obj)
        context["understudy_url"] = self._reason_url(obj) if may else None
        context["understudy_base"] = select_template(self._base_templates()).template
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)  # type: ignore[misc]

    def _base_templates(self) -> list[str]:
        """Where the admin would look if it were not for us."""
        of = self.opts  # type: ignore[attr-defined]
        own = super().change_form_template  # type: ignore[misc]
        names = (
            "change_form.html",
            f"{of.app_label}/change_form.html",
            f"{of.app_label}/{of.model_name}/change_form.html",
        )
        return [own] if own else [f"admin/{name}" for name in reversed(names)]

    def _reason_url(self, subject: Model) -> str:
        name = f"{self.admin_site.name}:{self._url_name()}"  # type: ignore[attr-defined]
        return str(reverse(name, args=(quote(subject.pk),)))

    def _url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_impersonate"  # type: ignore[attr-defined]
