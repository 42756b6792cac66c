"""What an embedded app derives from its installation's key, without opening the database."""

from __future__ import annotations

import hashlib
import hmac
import os

from understudy.config import Settings
from understudy.storage.data_directory import DataDirectory
from understudy.storage.vault import InstallationKey


def installation_key(settings: Settings) -> InstallationKey:
    """The key that was given, or that of the data directory, drawn at first use.

    :raises SetupError: it cannot be read, or others can read it.
    """
    if settings.installation_key is not None:
        return InstallationKey.from_text(settings.installation_key)
    return DataDirectory(settings.data_dir).installation_key(random=os.urandom)


def launch_key(settings: Settings) -> str:
    """What seals the app's own cookies: one for all of its processes, as is the secret of an app
    that talks to a service.

    :raises SetupError: see ``installation_key``.
    """
    key = installation_key(settings).to_text()
    return hmac.new(key.encode(), b"understudy embedded launch", hashlib.sha256).hexdigest()
