"""The wheel of this tree, and one of every package that it may lead to, made of what is installed.

From such a folder packages are installed as from an index, without reaching beyond this machine.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path
from zipfile import Path as ZipPath
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
# Told by the installer, about where it has put things.
_INSTALLER_S = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})


def build(house: Path) -> Path:
    """The wheel, as it is released."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*command, "--directory", str(house)], cwd=ROOT, check=True)
    (wheel,) = house.glob("understudy-*.whl")
    return wheel


def fill(house: Path, wheel: Path) -> None:
    """Put wheels of all packages beside ``wheel`` that it names for any of its extras."""
    for found in _needed_by(wheel):
        _pack(found, house)


def _needed_by(wheel: Path) -> Iterator[Distribution]:
    (info,) = (part for part in ZipPath(wheel).iterdir() if part.name.endswith(".dist-info"))
    ours = PathDistribution(info)
    extras = set(ours.metadata.get_all("Provides-Extra") or ())
    waiting, seen = [*_asked_for(ours, extras)], set[str]()
    for requirement in waiting:
        asked = f"{canonicalize_name(requirement.name)} {sorted(requirement.extras)}"
        if asked not in seen:
            seen.add(asked)
            found = distribution(requirement.name)
            # It is gone through to its end, what is added here included.
            waiting += _asked_for(found, requirement.extras)
            yield found


def _asked_for(found: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for line in found.requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield requirement


def _pack(found: Distribution, house: Path) -> None:
    # Scripts are made anew by whoever installs it, and stand outside.
    files = [
        file
        for file in found.files or ()
        if ".." not in file.parts
        and "__pycache__" not in file.parts
        and not (file.parent.suffix == ".dist-info" and file.name in _INSTALLER_S)
    ]
    (metadata,) = (file for file in files if file.name == "METADATA")
    record = metadata.parent / "RECORD"
    name = canonicalize_name(found.name).replace("-", "_")
    # That it is for any machine holds here: it goes no further than this one.
    with ZipFile(house / f"{name}-{found.version}-py3-none-any.whl", "w") as packed:
        for file in files:
            packed.write(str(file.locate()), str(file))
        packed.writestr(str(record), "".join(f"{file},,\n" for file in [*files, record]))
