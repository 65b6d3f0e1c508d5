"""Facebook's HTML: boxes with a heading, a body and a date, classes and words as they were.

Dates are written without a zone. Until 2021 they have no seconds.
"""

from __future__ import annotations

from datetime import datetime
from html import escape

from babel.dates import get_month_names

from empreinte.testing.facebook.content import WORDS, Content, Item

_ICONS = {"LIKE": "like", "LOVE": "love", "HAHA": "haha", "WOW": "wow", "SORRY": "sorry",
          "ANGER": "anger", "SUPPORT": "support"}  # fmt: skip


def dated(at: datetime, layout: str, language: str) -> str:
    """Write a time as the page does."""
    month = get_month_names("abbreviated" if language == "en" else "wide", locale=language)[
        at.month
    ]
    hour, half = at.hour % 12 or 12, "pm" if at.hour > 11 else "am"
    if language == "fr":
        clock = f"à {at:%H:%M}" if layout == "2020" else f"à {at:%H:%M:%S}"
        return f"{at.day} {month} {at.year} {clock}"
    if layout == "2020":
        return f"{month} {at.day}, {at.year}, {hour}:{at:%M} {half.upper()}"
    return f"{month} {at:%d}, {at.year} {hour}:{at:%M:%S} {half}"


def written(told: Content, layout: str, language: str) -> dict[str, str]:
    """Give the text of each page."""
    french = language == "fr"
    found: dict[str, str] = {}
    for stem, items in told.items.items():
        if layout == "2020" and stem == "labelled":
            continue
        if stem in ("contacted", "interests"):
            lines = "".join(f'<div class="_2pin">{_text(item.name)}</div>' for item in items)
            boxes = [_box(layout, "", lines, "")]
        else:
            if layout == "2020" and stem == "reactions":
                items = [*items, *told.items["labelled"]]
            boxes = [_record(stem, item, layout, language) for item in items]
        found[stem] = _page(boxes, stem)
    found["profile"] = _page([_box(layout, "Profil" if french else "Profile", _table((
        ("Nom" if french else "Name", told.person.name),
        ("Nom d’utilisateur" if french else "Username", told.person.channels["facebook"].handle),
    )), "")], "profile")  # fmt: skip
    return found


def _page(boxes: list[str], title: str) -> str:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />'
        f"<title>{title}</title><style>._a6-g{{margin:1px}}</style></head>"
        '<body class="_5vb_"><div class="clearfix"><div class="_3a_u"><div class="_3b0b">'
        f'<h1>{title}</h1></div><div class="_4t5n" role="main">{"".join(boxes)}'
        "</div></div></div></body></html>"
    )


def _box(layout: str, title: str, body: str, date: str, href: str = "") -> str:
    foot = f'<a href="{escape(href)}">{date}</a>' if href else date
    if layout == "2020":
        head = f'<div class="_3-96 _2pio _2lek _2lel">{_text(title)}</div>' if title else ""
        end = f'<div class="_3-94 _2lem">{foot}</div>' if date else ""
        return (
            f'<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder">{head}'
            f'<div class="_3-96 _2let">{body}</div>{end}</div>'
        )
    head = f'<h2 class="_2ph_ _a6-h _a6-i">{_text(title)}</h2>' if title else ""
    end = f'<footer class="_3-94 _a6-o"><div class="_a72d">{foot}</div></footer>' if date else ""
    return (
        f'<section class="_3-95 _a6-g">{head}<div class="_2ph_ _a6-p">{body}</div>{end}</section>'
    )


def _record(stem: str, item: Item, layout: str, language: str) -> str:
    french, date = language == "fr", dated(item.at, layout, language)
    if stem == "posts":
        return _box(layout, item.title, _post(item, french), date)
    if stem in ("comments", "group_comments"):
        return _box(layout, item.title, _said(item.text), date)
    if stem == "reactions":
        icon = f'<img src="icons/{_ICONS[item.reaction]}.png" class="_2pin"/>'
        return _box(layout, item.title, f"<div>{icon}</div>", date)
    if stem == "labelled":
        rows = (("Réaction" if french else "Reaction", WORDS[item.reaction][french]),
                ("URL", item.url), ("Auteur" if french else "Author", item.target))  # fmt: skip
        inner = f'<section class="_a6-g">{_table(rows)}</section>'
        return _box(layout, "", inner, date)
    if stem == "searches":
        return _box(layout, item.title, _said(f"« {item.text} »" if french else f'"{item.text}"'),
                    date)  # fmt: skip
    if stem == "clicked":
        return _box(layout, item.name, _said(item.text), date)
    if stem == "logins":
        label, agent = ("Adresse IP", "Navigateur") if french else ("IP Address", "Browser")
        colon = "\u00a0:" if french else ":"
        body = _said(f"{label}{colon} {item.name}") + _said(f"{agent}{colon} {item.text}")
        return _box(layout, item.title, body, date)
    if stem == "off_facebook":
        labels = ("ID", "Évènement", "Reçu le") if french else ("ID", "Event", "Received on")
        inner = "".join(
            _box(layout, "", _table(tuple(zip(labels, (
                str(1000 + n), kind, dated(when, layout, language)), strict=True))), "")
            for n, (kind, when) in enumerate(item.several)
        )  # fmt: skip
        return _box(layout, item.name, inner, "")
    if stem == "pages_followed":
        return _box(layout, item.title, _said(item.name), date)
    if stem == "groups":
        return _box(layout, item.title, "", date)
    return _box(layout, item.name, "", date, item.url)


def _post(item: Item, french: bool) -> str:
    parts = [_said(item.text)] if item.text else []
    parts += [f'<div class="_2pin"><a href="{escape(url)}">{escape(url)}</a></div>'
              for url in item.links]  # fmt: skip
    for uri in item.media:
        tag = f'<video src="{uri}"></video>' if uri.endswith(".mp4") else f'<img src="{uri}"/>'
        parts.append(f'<div class="_2pin"><a href="{uri}">{tag}</a></div>')
    if item.place:
        parts.append(_said(f"Lieu\u00a0: {item.place[0]}" if french else f"Place: {item.place[0]}"))
    return "".join(parts)


def _said(text: str) -> str:
    return f'<div class="_2pin"><div>{_text(text)}</div></div>'


def _table(rows: tuple[tuple[str, str], ...]) -> str:
    cells = "".join(
        f'<tr><td class="_2pin _a6_q">{escape(label)}</td>'
        f'<td class="_2pin _2piu _a6_r">{_text(value)}</td></tr>'
        for label, value in rows
    )
    return f'<table style="table-layout: fixed;">{cells}</table>'


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br/>")
