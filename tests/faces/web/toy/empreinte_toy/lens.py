"""Answers with one of everything that a report may hold, drawn from the ledger's own texts."""

from empreinte.language import current
from empreinte.report import (
    Chart,
    Column,
    Evidence,
    Figure,
    Reference,
    Report,
    Section,
    Sentence,
    Table,
)

NAME = "toy"

WINDOW = (
    "($since is null or published >= $since) and ($until is null or published < $until) "
    "and ($channels is null or list_contains($channels, channel))"
)
LIKED = (
    "select p.*, r.likes from posts p left join response r on r.platform = p.platform "
    f"and r.id = p.id where p.mine and p.platform = 'toy' and {WINDOW} order by p.published desc"
)
FRENCH = {
    "How far do I reach?": "Jusqu’où mes publications portent-elles\u202f?",
    "Likes per post": "J’aime par publication",
    "Followers": "Abonnés",
    "Views per post": "Vues par publication",
    "The platform does not report views.": "La plateforme n’indique pas les vues.",
    "All likes received, divided by the posts that have a count.":
        "Tous les « j’aime » reçus, divisés par le nombre de publications qui ont un compteur.",
    "Your posts receive {n} likes each.": "Vos publications reçoivent {n} « j’aime » chacune.",
    "Your posts are liked steadily.": "Vos publications sont appréciées avec constance.",
    "Likes received, month by month": "« J’aime » reçus, mois par mois",
    "The last month stands at {n}, near the usual.":
        "Le dernier mois est à {n}, près de l’ordinaire.",
    "Response": "Réactions",
    "Audience": "Public",
    "Month": "Mois", "Likes": "J’aime", "Post": "Publication", "Published": "Publiée",
    "Posts most liked": "Publications les plus appréciées",
}  # fmt: skip


def _(text: str) -> str:
    return FRENCH[text] if current() == "fr" else text


def question() -> str:
    return _("How far do I reach?")


def answer(tables, scope) -> Report:
    posts = tables.sql(LIKED).to_pylist()
    known = [post["likes"] for post in posts if post["likes"] is not None]
    mean = sum(known) / len(known) if known else None
    followers = tables.sql("select value, observed from followers order by observed").to_pylist()
    n = round(mean or 0, 1)
    return Report(
        lens=NAME,
        question=question(),
        scope=scope,
        answer=(
            Sentence(
                text=_("Your posts receive {n} likes each.").format(n=n),
                quiet=_("Your posts are liked steadily."),
                figure="toy.toy.likes",
            ),
        )
        if known
        else (),
        sections=(_audience(followers), _response(posts, known, mean)),
        references=(
            Reference(key="gini", text="Gini, C. (1912). Variabilità e mutabilità. Bologna."),
            Reference(key="as2", text="W3C (2017). Activity Streams 2.0.",
                      url="https://www.w3.org/TR/activitystreams-core/"),
        ),
    )  # fmt: skip


def _audience(followers) -> Section:
    value = followers[-1]["value"] if followers else None
    return Section(
        id="audience",
        title=_("Audience"),
        figures=(
            Figure(
                id="toy.toy.followers", name=_("Followers"), value=value, kind="integer",
                why_missing=None if followers else "—", trend=(3.0, 5.0, None, 8.0, 12.0),
                n=len(followers), references=("as2",),
                definition=_("All likes received, divided by the posts that have a count."),
            ),
            Figure(
                id="toy.toy.views", name=_("Views per post"), value=None, kind="rate",
                why_missing=_("The platform does not report views."),
            ),
        ),
    )  # fmt: skip


def _response(posts, known, mean) -> Section:
    figures = tuple(
        Figure(
            id=f"toy.toy.{name}", name=_("Likes per post"), value=mean and mean * scale,
            kind="rate", low=mean and mean * 0.8 * scale, high=mean and mean * 1.3 * scale,
            level=0.9, numerator=sum(known), denominator=len(known), n=len(known),
            definition=_("All likes received, divided by the posts that have a count."),
            references=("gini",), evidence=Evidence(LIKED),
        )
        for name, scale in (("likes", 1), ("half", 0.5))
    )  # fmt: skip
    months: dict[str, float] = {}
    for post in posts:
        month = f"{post['published']:%Y-%m}-01"
        months[month] = months.get(month, 0) + (post["likes"] or 0)
    rows = tuple({"month": month, "likes": months[month]} for month in sorted(months))
    chart = Chart(
        id="toy.months",
        title=_("Likes received, month by month"),
        reading=_("The last month stands at {n}, near the usual.").format(
            n=rows[-1]["likes"] if rows else "–"
        ),
        spec={
            "mark": {"type": "line", "point": True, "tooltip": True},
            "encoding": {
                "x": {"field": "month", "type": "temporal", "title": None},
                "y": {"field": "likes", "type": "quantitative", "title": _("Likes")},
            },
        },
        columns=(
            Column(key="month", label=_("Month"), kind="date"),
            Column(key="likes", label=_("Likes"), kind="integer"),
        ),
        rows=rows,
        definition=_("All likes received, divided by the posts that have a count."),
    )
    names = Chart(
        id="toy.names",
        title=_("Posts most liked"),
        reading=posts[0]["content"] if posts else "",
        spec={
            "mark": {"type": "bar", "tooltip": True},
            "encoding": {
                "y": {"field": "text", "type": "nominal", "title": None, "sort": "-x"},
                "x": {"field": "likes", "type": "quantitative", "title": _("Likes")},
                "href": {"field": "url"},
            },
        },
        columns=(
            Column(key="text", label=_("Post")),
            Column(key="likes", label=_("Likes"), kind="integer"),
        ),
        rows=tuple(
            {"text": p["content"][:60], "likes": p["likes"], "url": p["url"]} for p in posts[:6]
        ),
    )
    top = posts[:30]
    table = Table(
        id="toy.top",
        title=_("Posts most liked"),
        columns=(
            Column(key="text", label=_("Post")),
            Column(key="at", label=_("Published"), kind="date"),
            Column(key="likes", label=_("Likes"), kind="integer"),
            Column(key="url", label="URL", kind="url"),
        ),
        rows=tuple((p["content"], p["published"], p["likes"], p["url"]) for p in top),
        evidence=tuple(
            Evidence("select * from posts where platform = 'toy' and id = $id", {"id": p["id"]})
            for p in top
        ),
    )
    return Section(
        id="response", title=_("Response"), figures=figures, charts=(chart, names), tables=(table,)
    )
