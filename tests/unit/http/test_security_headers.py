from __future__ import annotations

from understudy.http.content_security import FIXED, HSTS
from understudy.http.security_headers import SecurityHeaders


def test_lines_are_all_headers_as_they_go_over_the_wire() -> None:
    security = SecurityHeaders(https=True)
    expected = b"".join(b"%s: %s\r\n" % header for header in security.with_missing([]))
    assert security.lines == expected
    assert {*FIXED, HSTS} <= set(security.with_missing([]))


def test_only_what_is_missing_is_added() -> None:
    security, own = SecurityHeaders(https=False), (b"cache-control", b"public")
    found = security.with_missing([own])
    assert [header for header in found if header[0] == b"cache-control"] == [own]
    assert security.said_by([own])
    assert not security.said_by([(b"content-type", b"text/plain")])
