"""What the sections are made of: sections with their sentences, figures, references."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from empreinte.language import _
from empreinte.lenses.network.web import LEVEL
from empreinte.report import Evidence, Figure, Kind, Reference, Section, Sentence, Unit

REFERENCES = (
    Reference(
        "harris-2020",
        "Harris, K. D. (2020). A shift test for independence in generic time series.",
        "https://arxiv.org/abs/2012.06862",
    ),
    Reference(
        "tumminello-2011",
        "Tumminello, M. et al. (2011). Statistically validated networks in bipartite complex "
        "systems. PLoS ONE 6(3), e17994.",
        "https://doi.org/10.1371/journal.pone.0017994",
    ),
    Reference(
        "freeman-1977",
        "Freeman, L. C. (1977). A set of measures of centrality based on betweenness. "
        "Sociometry 40(1), 35–41.",
        "https://doi.org/10.2307/3033543",
    ),
    Reference(
        "burt-1992",
        "Burt, R. S. (1992). Structural Holes: The Social Structure of Competition. Harvard "
        "University Press.",
    ),
    Reference(
        "traag-2019",
        "Traag, V. A., Waltman, L. & van Eck, N. J. (2019). From Louvain to Leiden: guaranteeing "
        "well-connected communities. Scientific Reports 9, 5233.",
        "https://doi.org/10.1038/s41598-019-41695-z",
    ),
    Reference(
        "hennig-2007",
        "Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational "
        "Statistics & Data Analysis 52(1), 258–271.",
        "https://doi.org/10.1016/j.csda.2006.11.025",
    ),
    Reference(
        "dunning-1993",
        "Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. "
        "Computational Linguistics 19(1), 61–74.",
        "https://aclanthology.org/J93-1003/",
    ),
    Reference(
        "kempe-2003",
        "Kempe, D., Kleinberg, J. & Tardos, É. (2003). Maximizing the spread of influence "
        "through a social network. KDD 2003, 137–146.",
        "https://doi.org/10.1145/956750.956769",
    ),
    Reference(
        "goyal-2010",
        "Goyal, A., Bonchi, F. & Lakshmanan, L. V. S. (2010). Learning influence probabilities "
        "in social networks. WSDM 2010, 241–250.",
        "https://doi.org/10.1145/1718487.1718518",
    ),
    Reference(
        "tang-2018",
        "Tang, J., Tang, X., Xiao, X. & Yuan, J. (2018). Online processing algorithms for "
        "influence maximization. SIGMOD 2018, 991–1005.",
        "https://doi.org/10.1145/3183713.3183749",
    ),
    Reference(
        "morris-1983",
        "Morris, C. N. (1983). Parametric empirical Bayes inference: theory and applications. "
        "Journal of the American Statistical Association 78(381), 47–55.",
        "https://doi.org/10.1080/01621459.1983.10477920",
    ),
)


@dataclass(frozen=True)
class Part:
    """A section with what it has to say in the answer, the most important first."""

    section: Section
    sentences: tuple[Sentence, ...] = ()


def figure(
    id: str,
    name: str,
    value: float | str | None,
    kind: Kind,
    *,
    definition: str,
    n: int | None = None,
    unit: Unit | None = None,
    low: float = math.nan,
    high: float = math.nan,
    why: str | None = None,
    evidence: Evidence | None = None,
    references: tuple[str, ...] = (),
    **more: Any,
) -> Figure:
    """Make a figure of this lens; what is not finite is not known."""
    known = value is not None and (isinstance(value, str) or math.isfinite(value))
    bounded = known and math.isfinite(low) and math.isfinite(high)
    return Figure(
        id=f"network.all.{id}",
        name=name,
        value=(value if isinstance(value, str) else float(value or 0)) if known else None,
        kind=kind,
        unit=unit or Unit(),
        # Where nothing, or all, was counted, Jeffreys' interval begins or ends just beside it.
        low=min(float(low), float(value or 0)) if bounded else None,
        high=max(float(high), float(value or 0)) if bounded else None,
        level=LEVEL if bounded else None,
        n=n,
        why_missing=None if known else why or nothing(),
        definition=definition,
        references=references,
        evidence=evidence,
        **more,
    )


def nothing() -> str:
    """Say that the ledger names nobody, and what to do."""
    return _(
        "The ledger names nobody who acted on your posts, nor anybody on whose posts you acted. "
        "Import an export that does: saved notifications of Mastodon, the comments of a blog."
    )
