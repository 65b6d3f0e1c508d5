"""What entries of a YouTube history and comments say: views, advertisements, wrapped texts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.sources.test_google_youtube import acts, only, records, report

from empreinte.model import (
    Activity,
    Post,
    Trace,
    Yielded,
)  # fmt: skip
from empreinte.sources.google.youtube.records import text

VIDEO = "https://www.youtube.com/watch?v=AAAAAAAAAA"


def history(tmp_path: Path, *entries: dict) -> list[Yielded]:
    """Read a history of entries, each about a video of its own."""
    whole = [
        {"header": "YouTube", "titleUrl": f"{VIDEO}{n}", "products": ["YouTube"],
         "time": f"2025-03-0{n % 9 + 1}T10:00:{n:02}Z"} | entry
        for n, entry in enumerate(entries)
    ]  # fmt: skip
    (tmp_path / "watch-history.json").write_text(json.dumps(whole), encoding="utf-8")
    return records(tmp_path)


@pytest.mark.parametrize(
    ("seen", "others"),
    [
        (["Watched My tea"],
         ["Answered survey question", "Shared My tea", "Voted on a poll", "Viewed My post",
          "Commented on My tea", "Reported My tea", "Skipped My tea", "Saved to a list"]),
        (["Vous avez regardé Mon thé", "Vous avez regardé une vidéo qui a été supprimée"],
         ["Vous avez répondu à une question d'enquête", "Vous avez partagé Mon thé",
          "Vous avez voté dans un sondage", "Vous avez commenté Mon thé",
          "Vous avez signalé Mon thé", "Vous avez consulté un post"]),
        (["Mein Tee angesehen", "Wie man Tee kommentiert angesehen"],
         ["Umfragefrage beantwortet", "Mein Tee geteilt", "Über eine Umfrage abgestimmt",
          "Mein Tee kommentiert", "Mein Tee gemeldet", "Einen Beitrag aufgerufen"]),
        (["Has visto Mi té", "Viste Mi té"],
         ["Has respondido a una encuesta", "Has compartido Mi té", "Votaste en una encuesta",
          "Comentaste Mi té", "Has denunciado Mi té", "Has consultado una publicación"]),
        (["Hai guardato Il mio tè"],
         ["Hai risposto alla domanda del sondaggio", "Hai condiviso Il mio tè",
          "Hai votato in un sondaggio", "Hai commentato Il mio tè", "Hai segnalato Il mio tè",
          "Hai visualizzato un post"]),
        (["Mijn thee bekeken", "Je hebt Mijn thee bekeken"],
         ["Enquêtevraag beantwoord", "Mijn thee gedeeld", "Op een poll gestemd",
          "Gereageerd op Mijn thee", "Mijn thee gerapporteerd", "Een post weergegeven"]),
        (["Você assistiu a Meu chá", "Assistiu a Meu chá"],
         ["Respondeu à pergunta da pesquisa", "Compartilhou Meu chá", "Votou em uma enquete",
          "Comentou em Meu chá", "Denunciou Meu chá", "Visualizou uma postagem"]),
    ],
)  # fmt: skip
def test_a_view_is_what_the_page_says_is_watched(
    tmp_path: Path, seen: list[str], others: list[str]
) -> None:
    found = history(tmp_path, *({"title": title} for title in [*seen, *others]))
    views = [act for act in only(found, Activity) if act.type == "View"]
    assert len(views) == len(seen)
    kinds = [t for t in only(found, Trace) if t.kind == "activity"]
    saved = [act for act in only(found, Activity) if act.type == "Add"]
    assert len(kinds) + len(saved) == len(others)
    assert all(trace.detail["verb"] != "watched" for trace in kinds)
    assert report(found, "history.json").drift == ()


def test_a_title_of_no_known_form_is_no_view_and_is_told(tmp_path: Path) -> None:
    found = history(tmp_path, {"title": "Obejrzano: Moja herbata"}, {"title": "Watched My tea"})
    assert [act.content for act in acts(found, "View")] == ["My tea"]
    assert [trace.label for trace in only(found, Trace)] == ["Obejrzano: Moja herbata"]
    (drift,) = report(found, "history.json").drift
    assert (drift.field, drift.change, drift.records) == ("title", "unreadable", 1)


@pytest.mark.parametrize(
    "detail",
    ["From Google Ads", "Des annonces Google", "Provient de Google Ads", "Aus Google Anzeigen",
     "Von Google-Werbung", "De Google Ads", "De anuncios de Google", "Da Annunci Google",
     "Da programmi pubblicitari Google", "Van Google Ads", "Via Google-advertenties",
     "Do Google Ads", "De anúncios do Google"],
)  # fmt: skip
def test_advertisements_in_each_language(tmp_path: Path, detail: str) -> None:
    found = history(tmp_path, {"title": "Watched Encres", "details": [{"name": detail}]})
    assert [trace.kind for trace in only(found, Trace)] == ["ad_impression"]
    assert acts(found, "View") == []


@pytest.mark.parametrize(
    "title",
    [
        "Viewed Ads On YouTube Homepage",
        "Watched Ads On YouTube Homepage",
        "Vous avez regardé des annonces sur la page d’accueil YouTube",
        "Vous avez vu des annonces sur la page d'accueil YouTube",
        "Anzeigen auf der YouTube-Startseite angesehen",
        "Viste anuncios en la página de inicio de YouTube",
        "Hai guardato annunci nella home page di YouTube",
        "Advertenties op de YouTube-homepage bekeken",
        "Você viu anúncios na página inicial do YouTube",
    ],
)
def test_advertisements_of_the_home_page_are_no_views(tmp_path: Path, title: str) -> None:
    found = history(tmp_path, {"title": title})
    assert [trace.kind for trace in only(found, Trace)] == ["ad_impression"]
    assert acts(found, "View") == []


@pytest.mark.parametrize(
    "title", ["Watched Viewed Ads On YouTube Homepage", "Vous avez regardé La pub des années 80"]
)
def test_a_film_about_advertisements_is_a_view(tmp_path: Path, title: str) -> None:
    assert len(acts(history(tmp_path, {"title": title}), "View")) == 1


def test_a_detail_that_only_names_google_is_no_advertisement(tmp_path: Path) -> None:
    found = history(tmp_path, {"title": "Watched Encres", "details": [{"name": "Google Pixel"}]})
    assert len(acts(found, "View")) == 1


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ('{"text":"Merci "},{"text":"Léa"}', "Merci Léa"),
        ('{"text":"Merci "}{"text":"Léa"}', "Merci Léa"),
        ('{"text":"Merci "} , {"text":"Léa"} ', "Merci Léa"),
        ('[{"text":"Merci "},{"text":"Léa"}]', "Merci Léa"),
        ('{"takeoutSegments":[{"text":"Merci "},{"text":"Léa"}]}', "Merci Léa"),
        (
            '{"takeoutSegments":[{"text":"Merci "}]},{"takeoutSegments":[{"text":"Léa"}]}',
            "Merci Léa",
        ),
        ('{"runs":[{"text":"Merci "},{"text":"Léa"}]}', "Merci Léa"),
        ('{"text":"Merci "},{"emoji":{"shortcuts":[":thé:"]}}', "Merci :thé:"),
        ('{"text":"a } , { b"}{"text":"!"}', "a } , { b!"),
        ('{"text":"Merci","style":{"bold":true}}', "Merci"),
        ('{"text":"Merci","link":"https://a.example"}', "Merci"),
        ("Merci Léa", "Merci Léa"),
        ("{sourire} Merci", "{sourire} Merci"),
        ('{"a": 1}', '{"a": 1}'),
        ('{"takeoutSegments":[]}', ""),
        ('{"takeoutSegments":[{"text":""}]}', ""),
        ('[{"text": null}]', ""),
        ('{"simpleText":"Bravo"}', "Bravo"),
        ('{"message":{"runs":[{"text":"x "},{"emoji":{"emojiId":"😀"}}]}}', "x 😀"),
        ('{"runs":[{"text":"x "},{"emoji":{"emojiId":"UCx/abc","shortcuts":[":a:"]}}]}', "x :a:"),
        ("[]", "[]"),
        ("{}", "{}"),
        ("[1] Merci", "[1] Merci"),
        ("[" * 5_000, "[" * 5_000),
        ("", ""),
    ],
)
def test_a_comment_keeps_its_text_however_it_is_wrapped(cell: str, plain: str) -> None:
    assert text(cell).plain == plain


def test_comments_and_live_chats_share_their_wrappings(tmp_path: Path) -> None:
    segments = '{"takeoutSegments":[{"text":"Bravo "},{"text":"à tous"}]}'
    (tmp_path / "comments.csv").write_text(
        "Comment ID,Channel ID,Comment Create Timestamp,Price,Video ID,Comment Text\n"
        'c1,UC1,2025-03-01T10:00:00+00:00,0,v1,"' + segments.replace('"', '""') + '"\n'
    )
    (tmp_path / "live chats.csv").write_text(
        "Live Chat ID,Channel ID,Live Chat Create Timestamp,Price,Video ID,Live Chat Text\n"
        'l1,UC1,2025-03-01T10:00:00+00:00,0,v1,"' + segments.replace('"', '""') + '"\n'
    )
    assert {p.id: p.content for p in only(records(tmp_path), Post)} == {
        "c1": "Bravo à tous", "l1": "Bravo à tous",
    }  # fmt: skip


def test_what_is_done_with_a_video_without_seeing_it_is_no_view(tmp_path: Path) -> None:
    titles = ("Answered survey question", "Shared My tea", "Commented on My tea", "Reported My tea")
    url = "https://www.youtube.com/watch?v=AAAAAAAAAA"
    entries = [
        {"header": "YouTube", "title": title, "titleUrl": f"{url}{n}", "products": ["YouTube"],
         "time": f"2025-03-0{n}T10:00:00Z"}
        for n, title in enumerate((*titles, "Watched My tea"), 1)
    ]  # fmt: skip
    advertised = entries[-1] | {"details": [{"name": "Von Google Anzeigen"}]}
    (tmp_path / "watch-history.json").write_text(json.dumps([*entries, advertised]))
    found = records(tmp_path)
    assert [view.object_id for view in only(found, Activity)] == ["AAAAAAAAAA5"]
    assert Counter(trace.kind for trace in only(found, Trace)) == {
        "activity": len(titles),
        "ad_impression": 1,
    }
