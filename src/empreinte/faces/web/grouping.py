"""Figures of one measure, side by side: "Followers" on each channel is one row of a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonprefix

from empreinte.report import Figure


@dataclass(frozen=True, slots=True)
class Group:
    """Figures of one measure, with the words that tell them apart.

    Attributes
    ----------
    name : str
        What all their names begin with.
    rows : list of (str, Figure)
        The rest of each name, and the figure; one alone has no rest.
    """

    name: str
    rows: list[tuple[str, Figure]]

    @property
    def unknown(self) -> bool:
        """Whether several figures stand here and none is known."""
        return len(self.rows) > 1 and all(figure.value is None for _, figure in self.rows)

    @property
    def definitions(self) -> list[tuple[str, tuple[str, ...]]]:
        """Each definition once, with its references."""
        return list(
            dict.fromkeys((f.definition, f.references) for _, f in self.rows if f.definition)
        )


def grouped(figures: Sequence[Figure]) -> list[Group]:
    """Group figures by the last part of their id, in the order of the report.

    Names are split at the comma that ends what they share; figures whose names share nothing
    stay alone.

    >>> def figure(id, name):
    ...     return Figure(id=id, name=name, value=1)
    >>> groups = grouped([
    ...     figure("lens.x.likes", "Likes, on X"),
    ...     figure("lens.x.posts", "Posts"),
    ...     figure("lens.y.likes", "Likes, on Y"),
    ... ])
    >>> [(group.name, [rest for rest, _ in group.rows]) for group in groups]
    [('Likes', ['on X', 'on Y']), ('Posts', [''])]
    """
    measures: dict[str, list[Figure]] = {}
    for figure in figures:
        measures.setdefault(figure.id.rpartition(".")[2], []).append(figure)
    groups: list[Group] = []
    for alike in measures.values():
        names = [figure.name for figure in alike]
        shared = commonprefix(names).rpartition(", ")[0]  # noqa: RUF071, characters are meant
        if len(alike) > 1 and shared:
            rest = len(shared) + len(", ")
            groups.append(Group(shared, [(figure.name[rest:], figure) for figure in alike]))
        else:
            groups += [Group(figure.name, [("", figure)]) for figure in alike]
    return groups
