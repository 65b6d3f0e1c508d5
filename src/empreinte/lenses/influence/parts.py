"""What the sections are made of: claims for the answer, evidence, rates, references."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics import shrinkage
from empreinte.lenses.influence.own import CHANNELS, LEVEL, PUBLISHED, WINDOW, Channel, Own
from empreinte.report import Evidence, Reference, Section

REFERENCES = (
    Reference(
        "efron-morris-1975",
        "Efron, B. & Morris, C. (1975). Data analysis using Stein's estimator and its "
        "generalizations. Journal of the American Statistical Association 70(350), 311–319.",
        "https://doi.org/10.1080/01621459.1975.10479864",
    ),
    Reference(
        "robbins-1956",
        "Robbins, H. (1956). An empirical Bayes approach to statistics. Proceedings of the Third "
        "Berkeley Symposium on Mathematical Statistics and Probability 1, 157–163.",
    ),
    Reference(
        "hirsch-2005",
        "Hirsch, J. E. (2005). An index to quantify an individual's scientific research output. "
        "PNAS 102(46), 16569–16572.",
        "https://doi.org/10.1073/pnas.0507655102",
    ),
    Reference(
        "morris-1983",
        "Morris, C. N. (1983). Parametric empirical Bayes inference: theory and applications. "
        "Journal of the American Statistical Association 78(381), 47–55.",
        "https://doi.org/10.1080/01621459.1983.10477920",
    ),
    Reference("gini-1912", "Gini, C. (1912). Variabilità e mutabilità. Bologna: Cuppini."),
    Reference(
        "langel-tille-2013",
        "Langel, M. & Tillé, Y. (2013). Variance estimation of the Gini index: revisiting a "
        "result several times published. Journal of the Royal Statistical Society A 176(2), "
        "521–540.",
        "https://doi.org/10.1111/j.1467-985X.2012.01048.x",
    ),
    Reference(
        "killick-2012",
        "Killick, R., Fearnhead, P. & Eckley, I. A. (2012). Optimal detection of changepoints "
        "with a linear computational cost. Journal of the American Statistical Association "
        "107(500), 1590–1598.",
        "https://doi.org/10.1080/01621459.2012.737745",
    ),
    Reference(
        "truong-2020",
        "Truong, C., Oudre, L. & Vayatis, N. (2020). Selective review of offline change point "
        "detection methods. Signal Processing 167, 107299.",
        "https://doi.org/10.1016/j.sigpro.2019.107299",
    ),
    Reference(
        "cameron-trivedi-2013",
        "Cameron, A. C. & Trivedi, P. K. (2013). Regression Analysis of Count Data, 2nd edition. "
        "Cambridge University Press.",
        "https://doi.org/10.1017/CBO9781139013567",
    ),
    Reference(
        "hilbe-2011",
        "Hilbe, J. M. (2011). Negative Binomial Regression, 2nd edition. Cambridge University "
        "Press.",
        "https://doi.org/10.1017/CBO9780511973420",
    ),
    Reference(
        "benjamini-hochberg-1995",
        "Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate: a practical "
        "and powerful approach to multiple testing. Journal of the Royal Statistical Society B "
        "57(1), 289–300.",
        "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
    ),
)


@dataclass(frozen=True)
class Claim:
    """A statement that may open the report; see `headline` for the rule.

    Attributes
    ----------
    topic : str
        One claim of each topic is told.
    effect : float
        Estimated multiplier against "no change" (or against even shares).
    low, high : float
        Its interval; equal to `effect` for what was counted.
    change : bool
        Tells of a change since an earlier time, rather than how things stand.
    when : datetime or None
        When that was.
    full : float
        The multiplier that counts as a full effect: 2, or 100 for how unevenly things are
        shared out, since tenfold is ordinary there.
    """

    text: str
    quiet: str
    figure: str
    topic: str
    effect: float
    low: float
    high: float
    change: bool = False
    when: datetime | None = None
    full: float = 2.0


@dataclass(frozen=True)
class Part:
    """A section with its claims."""

    section: Section
    claims: tuple[Claim, ...] = ()


def posts_evidence(own: Own, channel: Channel | None, where: str = "", **parameters) -> Evidence:
    """Select the posts of a channel (or of all) in the window, with their counters.

    `where` is one of this lens's own conditions on ``p`` (posts) and ``r`` (response).
    """
    here = "p.channel = $channel" if channel else CHANNELS
    conditions = " and ".join(f"({c})" for c in (PUBLISHED, here, WINDOW, where) if c)
    return Evidence(
        "select p.*, r.likes, r.shares, r.replies, r.views from posts p "
        "left join response r on r.platform = p.platform and r.id = p.id "
        f"where {conditions} order by p.published desc, p.id",
        {**({"channel": channel.key} if channel else {}), **parameters},
    )


@dataclass(frozen=True)
class Rate:
    """A rate in the window, shrunk towards the channel's base rate.

    Attributes
    ----------
    count, exposure, n : float, float, int
        Numerator, denominator, and how many posts they rest on.
    mean, low, high : float
        Posterior mean and interval; ``nan`` where nothing can be said.
    base : float
        The channel's base rate, ``nan`` where it could not be fitted.
    """

    count: float
    exposure: float
    n: int
    mean: float
    low: float
    high: float
    base: float

    @property
    def known(self) -> bool:
        return self.n > 0 and math.isfinite(self.mean)


def shrunk_rate(
    counts: NDArray[np.float64],
    exposure: NDArray[np.float64],
    month: NDArray[np.int64],
    inside: NDArray[np.bool_],
    family: str = "poisson",
) -> Rate:
    """Measure a rate inside a window, its prior fitted on all of the channel's months.

    Parameters
    ----------
    counts, exposure : ndarray of shape (n,)
        Of the channel's posts that have both, inside the window or not.
    month, inside : ndarray of shape (n,)
        Number of each post's month (numbers are near each other); whether it is in the window.
    family : "poisson" or "binomial"
        Whether counts are bounded by their exposure.
    """
    group = month - month.min() if month.size else month
    phi = shrinkage.within_dispersion(counts, exposure, group, family)  # type: ignore[arg-type]
    groups = int(group.max()) + 1 if group.size else 0
    every = np.bincount(group, counts / phi), np.bincount(group, exposure / phi)
    shown_counts, shown_sizes = (
        np.bincount(group[inside], values[inside] / phi, groups) for values in (counts, exposure)
    )
    sampling = shrinkage.sampling_variance(counts[inside], exposure[inside], group[inside])
    if family == "binomial":
        prior = shrinkage.fit_beta(*every)
        found = shrinkage.beta_mean(prior, shown_counts, shown_sizes, LEVEL, sampling)
        base = prior.a / (prior.a + prior.b)
    else:
        prior = shrinkage.fit_gamma(*every)
        found = shrinkage.gamma_mean(prior, shown_counts, shown_sizes, LEVEL, sampling)
        base = prior.a / prior.b if prior.fitted else math.nan
    count, size = float(counts[inside].sum()), float(exposure[inside].sum())
    n = int(inside.sum())
    base = base if prior.fitted else math.nan
    return Rate(count, size, n, found.mean, found.low, found.high, base)


def finite(value: float | None) -> float | None:
    """Give ``None`` for what is not a number."""
    return None if value is None or not math.isfinite(value) else float(value)
