"""What npm would publish installs anywhere, has types that are found, and is as large as told."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.docs.pages import blocks
from tests.fixtures.node import node, run_client
from tests.integration.published.npm import ROOT, install, manifest, pack, published, run, tool

PACKAGES = tuple(published())
REFERENCE = ROOT / "docs/reference/packages.md"
NEWEST_REACT = 19
_TYPES = ROOT / "packages/react-18/node_modules/@types/react"
REACT_18 = {"react": [str(_TYPES)], "react/*": [f"{_TYPES}/*"]}
"""Where the types of the older one are, for whoever imports React."""
IN_REACT = """
import { createUnderstudy, Refusal, type Status, withoutAnalytics } from "@understudy/browser";
import {
  AccessHistory, ImpersonateButton, ImpersonationBanner, UnderstudyProvider, useImpersonation,
} from "@understudy/react";
import "@understudy/react/styles.css";

const understudy = createUnderstudy();
export const quiet: boolean = withoutAnalytics(understudy, { umami: true }).on;
export const status: Promise<Status> = understudy.status();
export const code = (error: unknown) => (error instanceof Refusal ? error.code : null);

function Who() {
  const { impersonation } = useImpersonation();
  return <p>{impersonation?.subject.name}</p>;
}
export const app = (
  <UnderstudyProvider understudy={understudy}>
    <ImpersonationBanner events />
    <Who />
    <ImpersonateButton subject={{ id: 1, name: "Ada" }} ask={["ticket"]} />
    <AccessHistory load={async () => ({ accesses: [] })} />
  </UnderstudyProvider>
);
// @ts-expect-error a subject needs an id
export const wrong = <ImpersonateButton subject={{ name: "Ada" }} />;
"""


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """What npm packs, by name."""
    return pack(tmp_path_factory.mktemp("packed"))


@pytest.fixture(scope="module")
def project(archives: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody's project with all of it installed."""
    folder = tmp_path_factory.mktemp("project")
    install(list(archives.values()), folder)
    return folder


@pytest.mark.parametrize("name", PACKAGES)
def test_nothing_is_packed_but_what_was_built(archives: Mapping[str, Path], name: str) -> None:
    with tarfile.open(archives[name]) as archive:
        files = {member.name.removeprefix("package/") for member in archive.getmembers()}
    assert {
        "package.json",
        "README.md",
        "dist/LICENSE",
        "dist/index.js",
        "dist/index.d.ts",
    } <= files
    strange = [
        file for file in files - {"package.json", "README.md"} if not file.startswith("dist/")
    ]
    assert (strange, "dist/.sources" in files) == ([], False)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_can_be_published_as_it_is(name: str) -> None:
    said = manifest(name)
    version = json.loads((ROOT / "package.json").read_text())["version"]
    assert (said["license"], said["version"]) == ("Apache-2.0", version)
    assert {"sideEffects", "exports", "files", "description"} <= set(said)
    needed = said.get("dependencies", {})
    assert set(needed) <= set(PACKAGES), "what others must install beside it is ours"
    assert set(needed.values()) <= {version}


@pytest.mark.parametrize(
    ("resolution", "module", "react"),
    [("nodenext", "nodenext", 19), ("bundler", "esnext", 19), ("bundler", "esnext", 18)],
)
def test_types_are_found_and_fit(project: Path, resolution: str, module: str, react: int) -> None:
    everything = "".join(
        f'import * as p{number} from "{name}";\nexport const all{number}: object = p{number};\n'
        for number, name in enumerate(PACKAGES)
    )
    (project / "everything.ts").write_text(everything)
    (project / "app.tsx").write_text(IN_REACT)
    options = {
        "strict": True,
        "noEmit": True,
        "jsx": "react-jsx",
        "target": "ES2022",
        "lib": ["ES2023", "DOM", "DOM.Iterable"],
        "types": ["node"] if any("engines" in manifest(name) for name in PACKAGES) else [],
        "module": module,
        "moduleResolution": resolution,
        # What we declare is looked at as well, once; TypeScript's own is not.
        "skipDefaultLibCheck": True,
        "skipLibCheck": resolution != "nodenext",
        "paths": {} if react == NEWEST_REACT else REACT_18,
    }
    config = project / f"tsconfig.{resolution}.{react}.json"
    files = ["everything.ts", "app.tsx", *_shown_in_readmes(project)]
    config.write_text(json.dumps({"compilerOptions": options, "files": files}))
    read = run(tool("tsc"), "-p", config.name, "--listFiles", cwd=project)
    assert (str(_TYPES) in read) == (react != NEWEST_REACT)


def _shown_in_readmes(project: Path) -> list[str]:
    files: list[str] = []
    for folder in published().values():
        for number, block in enumerate(blocks(folder / "README.md")):
            if block.language in {"ts", "tsx"}:
                files.append(f"{folder.name}{number}.{block.language}")
                (project / files[-1]).write_text(block.text)
    return files


@pytest.mark.parametrize("name", PACKAGES)
def test_others_who_check_packages_find_nothing(archives: Mapping[str, Path], name: str) -> None:
    archive = archives[name]
    words = ("--profile", "esm-only", "--exclude-entrypoints", "./styles.css")
    run(tool("attw"), str(archive), *words, cwd=archive.parent)
    run(tool("publint"), str(archive), "--strict", cwd=archive.parent)


def test_modules_load_on_a_server_as_they_were_installed(project: Path) -> None:
    imports = "".join(f'await import("{name}");' for name in PACKAGES)
    run(node(), "--input-type=module", "--eval", imports, cwd=project)


@pytest.mark.parametrize("name", PACKAGES)
def test_sizes_are_as_the_reference_says(
    archives: Mapping[str, Path], project: Path, name: str
) -> None:
    row = re.search(
        rf"^\| `{name}` \| ([\d.]+|-) \| ([\d.]+) \|$", REFERENCE.read_text(), re.MULTILINE
    )
    assert row is not None, f"{name} has no sizes in {REFERENCE.name}"
    in_page, download = row.groups()
    assert float(download) == pytest.approx(archives[name].stat().st_size / 1_000, abs=0.15)
    if in_page != "-":
        assert float(in_page) == pytest.approx(_in_page(project, name) / 1_000, abs=0.15)


def _in_page(project: Path, name: str) -> int:
    return int(run_client("package_size.mjs", {"project": str(project), "name": name})["bytes"])
