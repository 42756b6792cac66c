"""Whose certificates are good enough on this machine."""

from __future__ import annotations

import ssl

from understudy.webhooks.authorities import tls_context


def test_certificates_are_checked() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context is tls_context()
