"""The policies that are shown where there are none yet."""

from __future__ import annotations

DEFAULT_TEXT = """\
// Everybody who may impersonate at all, in this application, may do so within its settings.
// What no setting can break stands above: protected users, ranks, tenants, the reason.
@id("everybody")
permit (principal, action, resource);
"""
