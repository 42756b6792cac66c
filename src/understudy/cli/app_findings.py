"""What can be seen of an app from outside, before somebody works in it as somebody else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from understudy.cli.app_caches import MADE_UP, examine_caches
from understudy.cli.app_policies import examine_policies
from understudy.cli.findings import Finding
from understudy.core.applications.addresses import is_loopback, origin_of
from understudy.core.applications.session_origins import LABEL_BYTES, SessionOrigins, draw_label
from understudy.sdk.addresses import PREFIX

_SECONDS = 10.0
_PERSON = {"accept": "text/html", "sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}
_PROGRAM = {"accept": "application/json"}
_LINK = re.compile(r"""\b(?:href|src|action)\s*=\s*["']?(https?://[^\s"'>]+)""", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Outside:
    """An app as it is reached from here. ``url`` is its own address, ``issuer`` the service's.

    ``apis`` are addresses that its pages call on other hosts.
    """

    url: str
    issuer: str
    origins: SessionOrigins | None = None
    apis: Sequence[str] = ()

    @property
    def origin(self) -> str:
        """The app's own."""
        return origin_of(self.url)


def examine_app(app: Outside) -> Iterator[Finding]:
    """Visit the app as nobody, and say what would go wrong in a session."""
    with httpx.Client(timeout=_SECONDS, follow_redirects=False) as client:
        page = _visit(client, app.url, _PERSON)
        if isinstance(page, Finding):
            yield page
            return
        yield _guard(client, app)
        yield _address_as_seen(client, app)
        yield from _transport(app, page)
        if app.origins is None:
            yield _no_origins(app)
            asked = _visit(client, app.url, {**_PERSON, "cookie": MADE_UP})
            yield from examine_caches(app.url, page, asked)
            yield from examine_policies(app.url, page, apart=False)
            return
        label = app.origins.origin(draw_label(os.urandom(LABEL_BYTES)))
        yield _label(client, app.origins, label)
        yield _stray(client, app.origins)
        yield from _wide_cookies(page, label)
        yield from _own_links(app, page)
        yield from examine_policies(app.url, page, apart=True)
        for api in app.apis:
            yield _api(client, api, label)


def _guard(client: httpx.Client, app: Outside) -> Finding:
    answer = _visit(client, app.url.rstrip("/") + PREFIX + "/state", _PROGRAM)
    if isinstance(answer, Finding):
        return answer
    if answer.status_code == HTTPStatus.OK and "active" in answer.text:
        return Finding(level="ok", what=f"{app.origin}: the SDK answers")
    return Finding(
        level="error",
        what=f"{app.origin}: the SDK does not answer at {PREFIX}/state ({answer.status_code})",
        advice="Put the middleware around the whole app, and let the proxy pass this path on.",
    )


def _address_as_seen(client: httpx.Client, app: Outside) -> Finding:
    """The address that the app takes for its own, which stands in what it asks the service for."""
    query = urlencode({"iss": app.issuer, "login_hint": "doctor"})
    answer = _visit(client, f"{app.url.rstrip('/')}{PREFIX}/launch?{query}", _PERSON)
    if isinstance(answer, Finding):
        return answer
    asked = parse_qs(answer.headers.get("location", "").partition("?")[2])
    seen = _origin_in(asked.get("redirect_uri", [""])[0])
    if seen == app.origin:
        return Finding(level="ok", what=f"{seen}: scheme and host arrive as browsers see them")
    return Finding(
        level="error",
        what=f"{app.origin}: the app takes {seen or 'no address'} for its own address"
        if asked
        else f"{app.origin}: a launch does not begin ({answer.status_code})",
        advice="Let the proxy pass Host and scheme on, or name redirect_url; and see that the app "
        f"knows the service as {app.issuer}.",
    )


def _transport(app: Outside, page: httpx.Response) -> Iterator[Finding]:
    if is_loopback(urlsplit(app.url).hostname) or "strict-transport-security" in page.headers:
        return
    yield Finding(
        level="warning",
        what=f"{app.origin}: no Strict-Transport-Security",
        advice="Send it, with includeSubDomains where labels lie below this host.",
    )


def _no_origins(app: Outside) -> Finding:
    return Finding(
        level="warning",
        what=f"{app.origin}: sessions share the app's own origin",
        advice="Give them origins of their own: docs/howto/session-origins.md",
    )


def _label(client: httpx.Client, origins: SessionOrigins, label: str) -> Finding:
    """A label that nobody has must be answered by us, and by nobody else."""
    answer = _visit(client, label + "/", _PROGRAM)
    if isinstance(answer, Finding):
        return answer
    if answer.status_code == HTTPStatus.GONE and '"session_over"' in answer.text:
        return Finding(level="ok", what=f"{origins}: a label without a session answers 410")
    return Finding(
        level="error",
        what=f"{origins}: a label without a session answers {answer.status_code}",
        advice="Somebody else's server may answer there, or a cache whose key has no Host, or the "
        "proxy changes Host, or the app lacks session_origins=. Nobody may launch until this is "
        "410.",
    )


def _stray(client: httpx.Client, origins: SessionOrigins) -> Finding:
    answer = _visit(client, origins.origin("no-label") + "/", _PROGRAM)
    if isinstance(answer, Finding):
        return answer
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return Finding(level="ok", what=f"{origins}: other names below the wildcard answer 404")
    return Finding(
        level="error",
        what=f"{origins}: a name that is no label answers {answer.status_code}",
        advice="Keep the wildcard for labels alone.",
    )


def _wide_cookies(page: httpx.Response, label: str) -> Iterator[Finding]:
    host = "." + (urlsplit(label).hostname or "")
    for name, domain in _domains(page):
        if domain and host.endswith("." + domain.lstrip(".")):
            yield Finding(
                level="warning",
                what=f"cookie {name} is set for all of {domain}, and so arrives at every label",
                advice="The SDK hides it there. Set it without Domain, or choose a domain of its "
                "own for labels.",
            )


def _domains(page: httpx.Response) -> Iterator[tuple[str, str]]:
    for header in page.headers.get_list("set-cookie"):
        try:
            cookies = SimpleCookie(header)
        except CookieError:
            continue
        yield from ((name, morsel["domain"].lower()) for name, morsel in cookies.items())


def _own_links(app: Outside, page: httpx.Response) -> Iterator[Finding]:
    own = [link for link in _LINK.findall(page.text) if _origin_in(link) == app.origin]
    if own:
        yield Finding(
            level="warning",
            what=f"{app.url}: {len(own)} absolute link(s) to {app.origin}, such as {own[0]}",
            advice="Use paths, or present_host=: a form with such an address is refused in a "
            "session, and a link costs a redirect.",
        )


def _origin_in(url: str) -> str | None:
    """The origin of what an app calls an address; None where it is none."""
    try:
        return origin_of(url)
    except ValueError:
        return None


def _api(client: httpx.Client, api: str, label: str) -> Finding:
    answer = _visit(client, api, {**_PROGRAM, "origin": label})
    if isinstance(answer, Finding):
        return answer
    allowed = answer.headers.get("access-control-allow-origin") == label
    if answer.status_code == HTTPStatus.CONFLICT and "page_of_another_session" in answer.text:
        return Finding(level="ok", what=f"{api}: guarded; refuses what a label sends")
    if not allowed:
        return Finding(level="ok", what=f"{api}: does not let a label read its answers")
    return Finding(
        level="error",
        what=f"{api}: lets pages of a session call it, and no guard is there",
        advice="A session's page would act there with the agent's cookies. Put the SDK around it.",
    )


def _visit(client: httpx.Client, url: str, headers: dict[str, str]) -> httpx.Response | Finding:
    parts = urlsplit(url)
    target, more = url, dict(headers)
    if is_loopback(parts.hostname):
        # Not every resolver knows the names of this machine (RFC 6761, section 6.3).
        port = f":{parts.port}" if parts.port else ""
        target, more["host"] = parts._replace(netloc=f"127.0.0.1{port}").geturl(), parts.netloc
    try:
        return client.get(target, headers=more)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Finding(
            level="error",
            what=f"{origin_of(url)} cannot be reached: {str(error) or type(error).__name__}",
            advice="Look at the DNS record (a wildcard for labels), at the certificate (it must "
            "cover the name), and at the proxy.",
        )
