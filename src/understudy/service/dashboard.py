"""The built dashboard: its pages, and the files that they load."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import msgspec
from starlette.responses import HTMLResponse, Response

from understudy.errors import NotFound
from understudy.http.incoming import Headers
from understudy.http.pages import message_page, page_headers

STATIC = Path(__file__).parent / "static"
NONCE_PLACE = "__CSP_NONCE__"
"""What the build leaves where each answer's nonce belongs."""

_PAGES = re.compile(
    r"/(?:|sign-in|setup|invitation|taken-over|users(?:/[^/]+)?|sessions|changes|approvals|cases"
    r"|ended"
    r"|audit(?:/[^/]+)?|team(?:/[^/]+)?|account|launch/[^/]+"
    r"|settings(?:/[^/]+(?:/holds|/policies|/webhooks(?:/[^/]+){0,2})?)?)"
)
_ENTRANCE = frozenset({"/sign-in", "/setup", "/invitation", "/taken-over"})
_BASE = re.compile(r'<base href="[^"]*"\s*/?>')
_STAFF = re.compile(r'<meta name="understudy-staff" content="[^"]*"\s*/?>')
_IMMUTABLE = "public, max-age=31536000, immutable"
_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def is_page(path: str) -> bool:
    """True for the addresses that the dashboard routes itself."""
    return _PAGES.fullmatch(path) is not None


def asks_who_it_is(path: str) -> bool:
    """True for the pages that need an operator, and ask the API first who that is."""
    return is_page(path) and path not in _ENTRANCE


@dataclass(frozen=True, kw_only=True)
class StaffPlaces:
    """Where in the app staff sign in, and where they go when they leave, as its pages are told."""

    sign_in_at: str
    home: str


@dataclass(frozen=True, kw_only=True)
class _File:
    type: str
    plain: bytes
    encoded: Mapping[str, bytes]


class Dashboard:
    """Serves what was built into ``folder``; files are read once. ``nonce`` makes nonces."""

    def __init__(self, folder: Path = STATIC, *, nonce: Callable[[], str]) -> None:
        self._folder = folder
        self._nonce = nonce
        self._files: dict[str, _File] = {}

    def page(
        self, *, base: str = "/", asks: bool = False, staff: StaffPlaces | None = None
    ) -> Response:
        """The page under every address of the dashboard, which lies below ``base``.

        It has no forms to sign in where an app signs ``staff`` in.
        With ``asks`` browsers begin to ask who it is while the scripts are still on their way. Only
        for a page that takes the answer at once: kept for a later moment it would be an old one.
        """
        nonce = self._nonce()
        index = self._folder / "index.html"
        if not index.is_file():
            return message_page(
                title="The dashboard is not built yet",
                paragraphs=(
                    "Run “make build” in the project's folder, then load this page again.",
                    "The API works already; it is described under /docs.",
                ),
                nonce=nonce,
                status=HTTPStatus.SERVICE_UNAVAILABLE,
            )
        html = index.read_text("utf-8").replace(NONCE_PLACE, nonce)
        html = _BASE.sub(f'<base href="{escape(base, quote=True)}">', html, count=1)
        if staff is not None:
            places = escape(msgspec.json.encode(staff).decode(), quote=True)
            html = _STAFF.sub(lambda _: f'<meta name="understudy-staff" content="{places}">', html)
        headers = page_headers(nonce)
        if asks:
            headers["link"] = f"<{quote(base)}api/v1/me>; rel=preload; as=fetch; crossorigin"
        return HTMLResponse(html, headers=headers)

    def asset(self, path: str, headers: Headers) -> Response:
        """A built file; its name changes with its content, so that it may be kept for ever.

        :raises NotFound: when there is none of that name.
        """
        file = self._files.get(path) or self._load(path)
        answer = {"cache-control": _IMMUTABLE, "vary": "accept-encoding"}
        accepted = headers.get("accept-encoding", "")
        for encoding, content in file.encoded.items():
            if encoding in accepted:
                answer["content-encoding"] = encoding
                return Response(content, media_type=file.type, headers=answer)
        return Response(file.plain, media_type=file.type, headers=answer)

    def _load(self, path: str) -> _File:
        root = (self._folder / "assets").resolve()
        found = (root / path).resolve()
        kind = _TYPES.get(found.suffix)
        if kind is None or not found.is_relative_to(root) or not found.is_file():
            raise NotFound
        beside = {name: found.with_name(found.name + suffix) for name, suffix in _ENCODINGS}
        file = _File(
            type=kind,
            plain=found.read_bytes(),
            encoded={name: path.read_bytes() for name, path in beside.items() if path.is_file()},
        )
        self._files[path] = file
        return file
