"""Answers with one of everything that a report may hold, drawn from the ledger's own texts."""

import math
import random

from empreinte.language import current, message
from empreinte.report import (
    Chart,
    Column,
    Evidence,
    File,
    Link,
    Measure,
    Network,
    Node,
    Option,
    Reference,
    Report,
    Section,
    Sentence,
    Table,
    Tick,
    Value,
)

NAME = "toy"
OPTIONS = (
    Option(
        name="nodes", label=message("How many to draw"), help=message("How many nodes to draw."),
        default=120, least=10, most=50_000,
    ),
    Option(name="reveal", label=message("In full"), help=message("Show the address in full.")),
)  # fmt: skip

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
    "Who knows whom": "Qui connaît qui",
    "{n} people in five circles; Ada Lovelace knows most.":
        "{n} personnes en cinq cercles\u202f; Ada Lovelace en connaît le plus.",
    "Acquaintances": "Connaissances", "Links": "Liens",
    "Who comes first": "Qui vient en premier", "Name": "Nom",
    "People": "Personnes", "To do": "À faire", "Step": "Étape", "Address": "Adresse",
    "Ask for the archive": "Demander l’archive", "Close the account": "Fermer le compte",
    "Change the password": "Changer le mot de passe", "A letter to the toy maker":
        "Une lettre au fabricant de jouets", "Reminders": "Rappels",
    "What is left": "Ce qu’il reste",
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
                about="toy.toy.likes",
            ),
        )
        if known
        else (),
        sections=(
            _audience(followers),
            _response(posts, known, mean),
            _people(scope.option("nodes", 120)),
            _to_do(tables, scope),
        ),
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
        measures=(
            Measure(
                id="followers", name=_("Followers"), kind="integer", references=("as2",),
                definition=_("All likes received, divided by the posts that have a count."),
                values=(
                    Value(
                        id="toy.toy.followers", value=value, n=len(followers),
                        why_missing=None if followers else "—", trend=(3.0, 5.0, None, 8.0, 12.0),
                    ),
                ),
            ),
            Measure(
                id="views", name=_("Views per post"), kind="rate",
                values=(
                    Value(
                        id="toy.toy.views", value=None,
                        why_missing=_("The platform does not report views."),
                    ),
                ),
            ),
        ),
    )  # fmt: skip


def _response(posts, known, mean) -> Section:
    likes = Measure(
        id="likes", name=_("Likes per post"), kind="rate", references=("gini",),
        definition=_("All likes received, divided by the posts that have a count."),
        values=tuple(
            Value(
                id=f"toy.{subject}.likes", subject=subject, value=mean and mean * scale,
                low=mean and mean * 0.8 * scale, high=mean and mean * 1.3 * scale, level=0.9,
                numerator=sum(known), denominator=len(known), n=len(known),
                evidence=Evidence(LIKED),
            )
            for subject, scale in (("toy", 1), ("half", 0.5))
        ),
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
        id="response",
        title=_("Response"),
        measures=(likes,),
        charts=(chart, names),
        tables=(table,),
    )


FIRST = ("Ada", "Alan", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Tim", "Hedy", "Linus",
         "Radia", "Ken", "Joan", "Guido")  # fmt: skip
LAST = ("Lovelace", "Turing", "Hopper", "Dijkstra", "Liskov", "Knuth", "Allen", "Lee", "Lamarr",
        "Perlman", "Clarke", "Naur")  # fmt: skip
CIRCLES = ("Readers", "Cyclists", "Neighbours", "Allotments", "Choir", "Chess", "Bakers")


def _people(n: int) -> Section:
    """Five to seven circles of people around their middles; who knows whom, mostly inside."""
    draw = random.Random(4)
    circles = 5 if n < 200 else 7
    names = [f"{FIRST[i % 14]} {LAST[i // 14 % 12]}" + (f" {i}" if i >= 168 else "")
             for i in range(n)]  # fmt: skip
    group = [draw.randrange(circles + 1) - 1 if i % 9 == 0 else i % circles for i in range(n)]
    nodes = []
    for i in range(n):
        turn, far = math.tau * (group[i] + 1) / circles, 0.0 if group[i] < 0 else 1.0
        spread = 0.42 if group[i] >= 0 else 0.9
        nodes.append(
            Node(
                label=names[i], group=group[i], size=float(round(400 / (i + 1) ** 0.8, 1)),
                x=far * math.cos(turn) + draw.gauss(0, spread),
                y=far * math.sin(turn) + draw.gauss(0, spread),
            )
        )  # fmt: skip
    members: dict[int, list[int]] = {}
    for i in range(n):
        members.setdefault(group[i], []).append(i)
    links = []
    for k in range(3 * n):
        source = k % n
        among = members[group[source]] if draw.random() < 0.9 else range(n)
        target = among[int(len(among) * draw.random() ** 2)]
        if target != source:
            day = 19_700 + draw.randrange(900)
            links.append(Link(source=source, target=target, first=day, last=day + 30))
    network = Network(
        id="toy.people", title=_("Who knows whom"), nodes=tuple(nodes), links=tuple(links),
        reading=_("{n} people in five circles; Ada Lovelace knows most.").format(n=n),
        groups=CIRCLES[:circles], table="toy.first", references=("as2",),
        definition=_("All likes received, divided by the posts that have a count."),
        size=Column(key="known", label=_("Acquaintances"), kind="integer"),
        weight=Column(key="links", label=_("Links"), kind="integer"),
    )  # fmt: skip
    table = Table(
        id="toy.first", title=_("Who comes first"),
        columns=(Column(key="name", label=_("Name")),
                 Column(key="known", label=_("Acquaintances"), kind="integer")),
        rows=tuple((node.label, node.size) for node in nodes[:8]),
    )  # fmt: skip
    return Section(id="people", title=_("People"), networks=(network,), tables=(table,))


def _to_do(tables, scope) -> Section:
    done = set(tables.sql("select key from ticks").column("key").to_pylist())
    address = "mona@toy.example" if scope.option("reveal") else "m…@toy.example"
    steps = ("Ask for the archive", "Change the password", "Close the account")
    keys = ("toy-archive", "toy-password", "toy-account")
    plan = Table(
        id="toy.plan", title=_("To do"),
        columns=(Column(key="step", label=_("Step")), Column(key="address", label=_("Address"))),
        rows=tuple((_(step), address) for step in steps),
        ticks=(*(Tick(key, key in done) for key in keys[:2]), Tick(keys[2], True, by_owner=False)),
    )  # fmt: skip
    letter = f"To the toy maker,\n\nplease send me all you hold on {address}.\n"
    files = (
        File(name="letter-toy.txt", title=_("A letter to the toy maker"),
             media_type="text/plain", text=letter),
        File(name="reminders.ics", title=_("Reminders"), media_type="text/calendar",
             text="BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"),
        File(name="what-is-left.md", title=_("What is left"), media_type="text/markdown",
             text="# What is left\n\n1 284 é\n"),
    )  # fmt: skip
    return Section(id="plan", title=_("To do"), tables=(plan,), files=files)
