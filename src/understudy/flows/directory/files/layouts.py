"""How a file says what we ask for: our columns, and where in it each of them stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from understudy.errors import InvalidInput
from understudy.flows.directory.files.faults import NotMapped
from understudy.flows.directory.files.paths import Path, Source

COLUMNS = (
    "id",
    "email",
    "name",
    "organization_id",
    "organization_name",
    "roles",
    "protected",
    "tags",
)
_ALIKE = 0.8


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Which of their columns each of ours is read from; what is not among ``sources`` is not read.

    ``own`` is a file in our own words, where a column that nearly has one of our names is a slip.
    ``demanded`` are those of our columns whose source has to be in the file. ``cells`` names the
    cells of a table without a header. Where a document around the list of users tells how many
    there are (``total``), or where to go on (``more``), it has to be all of them.
    """

    sources: Mapping[str, Source]
    own: bool = False
    demanded: frozenset[str] = frozenset()
    cells: tuple[str, ...] = ()
    total: Path | None = None
    more: tuple[Path, ...] = ()

    def mapped(self, pairs: Sequence[str]) -> Layout:
        """With the sources of ``pairs``, ``ours=theirs`` each; nothing behind the ``=`` unmaps one.

        :raises InvalidInput: not such a pair, not one of our columns, or one of them twice.
        """
        sources, demanded = dict(self.sources), set(self.demanded)
        said: set[str] = set()
        for pair in pairs:
            ours, equals, theirs = pair.partition("=")
            ours = ours.strip()
            if not equals or ours not in COLUMNS or ours in said:
                raise InvalidInput(
                    f"A mapping is ours=theirs, ours being one of {', '.join(COLUMNS)}, once.",
                    facts={"field": "map"},
                )
            said.add(ours)
            sources.pop(ours, None)
            demanded.discard(ours)
            if theirs.strip():
                sources[ours] = Source.parse(theirs)
                demanded.add(ours)
        if "id" not in sources:
            raise InvalidInput("The column id has to be mapped.", facts={"field": "map"})
        return replace(self, sources=sources, demanded=frozenset(demanded))

    def missing(self, ours: str, names: Iterable[str]) -> NotMapped:
        """The refusal of a file in which nothing stands where ``ours`` should."""
        return NotMapped(
            f"Nothing in this file is {self.sources[ours]}, from which {ours} is to be read.", names
        )

    def slip(self, name: str, names: Collection[str]) -> NotMapped | None:
        """The refusal of one of the ``names`` that nobody reads, if it is nearly ours."""
        if not self.own or name in COLUMNS or any(path.text == name for path in self._paths):
            return None
        alike = get_close_matches(name, COLUMNS, n=1, cutoff=_ALIKE)
        if not alike or alike[0] in names or alike[0] in self.demanded - {"id"}:
            return None
        if alike[0] not in self.sources:
            return None
        detail = f"Nobody reads the column {name}. Is it {alike[0]}? Then map {alike[0]}={name}"
        return NotMapped(detail, names)

    def unread(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of ``names``, top-level names of the file, that no source looks at."""
        heads = {path.text.casefold() for path in self._paths}
        heads |= {text.partition(".")[0].partition("[")[0] for text in heads}
        return tuple(name for name in names if name.casefold() not in heads)

    @property
    def _paths(self) -> tuple[Path, ...]:
        return tuple(path for source in self.sources.values() for path in source.paths)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A layout by the name of who writes such files."""

    name: str
    title: str
    layout: Layout


def layout(sources: Mapping[str, str], **more: object) -> Layout:
    """A layout from texts."""
    parsed = {ours: Source.parse(theirs) for ours, theirs in sources.items()}
    return Layout(sources=parsed, **more)  # type: ignore[arg-type]


OWN = Layout(sources={name: Source.parse(name) for name in COLUMNS}, own=True)
"""Our own columns, by their names."""
