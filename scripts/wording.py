"""Writes what the dashboard calls rules and events, so that nobody words them twice.

`python -m scripts.wording` writes the files; with `--check` it changes nothing and exits 1 when one
of them is not what it would write.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.generated import ROOT, write
from understudy.core.governance.deny_packs import DENY_RULES, DenyPack
from understudy.core.governance.denying import DenyRule
from understudy.core.notices.details import DETAIL_WORDS
from understudy.core.notices.event_sets import KINDS
from understudy.core.notices.kinds import EventKind, Kinds
from understudy.core.rules.chain import RULES, Chain

COMMAND = "python -m scripts.wording"
FOLDER = ROOT / "dashboard/src/wording"


def files() -> dict[Path, str]:
    """Every file that the dashboard's words come from."""
    return {
        FOLDER / "deny-packs.gen.ts": deny_packs(DENY_RULES),
        FOLDER / "details.gen.ts": details(DETAIL_WORDS),
        FOLDER / "events.gen.ts": events(KINDS),
        FOLDER / "rules.gen.ts": rules(RULES),
    }


def events(kinds: Kinds) -> str:
    """What each kind of entry is called, where it is offered, and who may hear of it."""
    words = {
        kind.type: {
            "group": kind.topic.value,
            "label": kind.label,
            "tone": kind.tone.value,
            "hook": _hook(kind),
        }
        for kind in kinds.all
    }
    return _module("src/understudy/core/notices/catalogue", "EVENTS", words)


def _hook(kind: EventKind) -> str:
    if not kind.subscribable:
        return "never"
    return "usual" if kind.usual else "chosen"


def rules(chain: Chain) -> str:
    """What each rule says to whoever it refused, and what can be done about it."""
    words = {rule.code: {"says": rule.text, "lift": rule.lift} for rule in chain.all}
    return _module("src/understudy/core/rules", "RULES", words)


def deny_packs(packs: Mapping[DenyPack, Sequence[DenyRule]]) -> str:
    """What each pack is called, and what it blocks where."""
    words = {
        pack.value: {"title": pack.caption, "rules": [_denied(rule) for rule in rules]}
        for pack, rules in packs.items()
    }
    return _module("src/understudy/core/governance", "DENY_PACKS", words)


def _denied(rule: DenyRule) -> Mapping[str, object]:
    return {"label": rule.harm.label, "methods": rule.methods, "patterns": rule.patterns}


def details(words: Mapping[str, str]) -> str:
    """What each detail of an entry is called."""
    return _module("src/understudy/core/notices/details.py", "DETAILS", words)


def _module(source: str, name: str, words: Mapping[str, object]) -> str:
    lines = [f"  {json.dumps(key)}: {json.dumps(one)}," for key, one in words.items()]
    return "\n".join(
        (
            f"// Written by `{COMMAND}` from {source}.",
            f"export const {name} = {{",
            *lines,
            "} as const;",
            "",
        )
    )


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with `--check` only look at them."""
    return write(files(), arguments, command=COMMAND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
