"""Rules, made ready to be asked of each answer of a session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from understudy.core.redaction.detecting.detectors import FINDINGS, Detector, is_ready
from understudy.core.redaction.lifted import Lifted
from understudy.core.redaction.masks import text_for
from understudy.core.redaction.names import SECRET_NAMES, FieldNames
from understudy.core.redaction.paths import Paths
from understudy.core.redaction.reveals import without
from understudy.core.redaction.rules import Deed, Redaction, RedactionRule, RuleKind
from understudy.errors import Unavailable

NONE: Mapping[str, Deed] = MappingProxyType({})


class Rulings:
    """What to hide, by name, by path and by look.

    ``is_strict`` says that what cannot be read does not go out: so it is where an admin has written
    rules, and not where only secrets are looked for. ``written`` are the fields of those rules,
    which nobody may write unseen; ``revealed`` are those that are ``lifted``, which nobody may
    write as what had stood in their place.
    """

    __slots__ = (
        "_findings",
        "detectors",
        "fields",
        "is_strict",
        "lifted",
        "paths",
        "redaction",
        "revealed",
        "written",
    )

    def __init__(
        self,
        redaction: Redaction,
        *,
        also: Mapping[str, Deed] = NONE,
        lifted: tuple[Lifted, ...] = (),
    ) -> None:
        if not all(map(_is_known, redaction.rules)):
            raise Unavailable(internal="a rule of redaction that this version cannot keep")
        self.redaction = redaction
        self.lifted = lifted
        # What cannot be read may hold all that is not lifted, elsewhere or here.
        self.is_strict = bool(redaction.rules)
        hidden = without(redaction, lifted)
        rules = hidden.rules
        secrets = dict.fromkeys(SECRET_NAMES if hidden.secrets else (), Deed.MASK)
        named = _named(rules)
        self.fields = FieldNames({**also, **secrets, **named})
        self.paths = _paths(rules)
        self.written = FieldNames(dict(self.paths.last_names()) | named)
        shown = [rule for rule in redaction.rules if rule not in rules]
        self.revealed = FieldNames(dict(_paths(shown).last_names()) | _named(shown))
        looks = {Detector.TOKEN: Deed.MASK} if hidden.secrets else {}
        looks |= {
            Detector(rule.match): rule.deed for rule in rules if rule.kind is RuleKind.DETECTOR
        }
        self.detectors = tuple(one for one in FINDINGS if one in looks)
        self._findings = [
            (finding, text_for(looks[detector]))
            for detector, finding in FINDINGS.items()
            if detector in looks
        ]

    def also(self, names: Mapping[str, Deed]) -> Rulings:
        """These, and fields of other ``names`` that one answer has for them."""
        if not names:
            return self
        return _with(self.redaction, tuple(sorted(names.items())), self.lifted)

    def hidden(self, text: str, among: Iterable[int] | None = None) -> str:
        """``text`` without what its look tells; ``among`` are the only ``detectors`` that may find
        something in it, by their places.
        """
        for place in range(len(self._findings)) if among is None else sorted(among):
            finding, mask = self._findings[place]
            text = finding.hidden(text, mask)
        return text


@lru_cache(maxsize=256)
def _with(
    redaction: Redaction, names: tuple[tuple[str, Deed], ...], lifted: tuple[Lifted, ...]
) -> Rulings:
    # The same query comes again and again, and making ready takes many times as long as asking.
    return Rulings(redaction, also=dict(names), lifted=lifted)


def _named(rules: Iterable[RedactionRule]) -> dict[str, Deed]:
    return {rule.match: rule.deed for rule in rules if rule.kind is RuleKind.FIELD}


def _paths(rules: Iterable[RedactionRule]) -> Paths:
    return Paths((rule.match, rule.deed) for rule in rules if rule.kind is RuleKind.PATH)


def _is_known(rule: RedactionRule) -> bool:
    # What no enumeration of this version has was read as plain text.
    if {type(rule.kind), type(rule.deed)} != {RuleKind, Deed}:
        return False
    if rule.kind is not RuleKind.DETECTOR:
        return True
    return rule.match in Detector.__members__.values() and is_ready(Detector(rule.match))


@lru_cache(maxsize=64)
def rulings(redaction: Redaction, lifted: tuple[Lifted, ...] = ()) -> Rulings | None:
    """The rulings of ``redaction``, one for all sessions of an application; None hides nothing.

    :raises Unavailable: a rule that this version does not know, and so cannot keep.
    """
    return Rulings(redaction, lifted=lifted) if redaction.hides else None
