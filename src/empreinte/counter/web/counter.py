"""What the shop sees: one page for one person on a telephone, under a secret address."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from empreinte.counter import acts, log, mail, sealing, states, wording
from empreinte.counter.book import Book, Done, Reservation
from empreinte.counter.web import rendering
from empreinte.counter.web.answering import Desk, form, page, to
from empreinte.counter.web.public import words
from empreinte.errors import CounterError
from empreinte.language import _, current, speaking


async def counter(request: Request) -> Response:
    """Show what is to answer, to prepare and to hand over; the stock; today."""
    return await run_in_threadpool(_page, request)


def _page(
    request: Request, found: Reservation | None = None, wrong: str = "", status: int = 200
) -> Response:
    desk: Desk = request.app.state.desk
    book = desk.book
    if not wrong:
        book.settle()
    hours, live = book.hours(), book.live()
    shown = [*live, *([found] if found else [])]
    people = {one.id: sealing.unseal(one.contact, desk.secret_key) for one in shown
              if one.contact and desk.secret_key}  # fmt: skip
    today = hours.local(book.clock()).date()
    openings = ", ".join(wording.span(hours, one) for one in hours.day(today))
    texts: dict[int, str] = {}
    for one in shown:
        if one.id in people:
            with speaking(one.language):
                texts[one.id] = mail.ready(book.shop, hours, one)
    return page(
        "desk.html", request, status, hours=hours, here=_here(request), late=book.late,
        lists=_lists(live), to_ask=book.to_ask(), answers=answers(),
        offers=book.offers(), contacts=people, texts=texts,
        today=_("{name}: {what}").format(name=wording.day(today), what=openings or _("closed")),
        done=[(one, _said(book, one)) for one in book.done()], said="", wrong=wrong,
        found=found, found_state=words(found, book)[0] if found else "",
        found_acts=_acts(found.state) if found else (),
        other=f"{_here(request)}?lang={'en' if current() == 'fr' else 'fr'}",
    )  # fmt: skip


def answers() -> tuple[tuple[str, str], ...]:
    """Give what a customer may answer to “what brought you?”, with its words."""
    words = (
        _("A post or page of yours"), _("The shop window"), _("Somebody’s word"),
        _("Been here before"), _("No answer"),
    )  # fmt: skip
    return tuple(zip(acts.ANSWERS, words, strict=True))


def _lists(live: list[Reservation]) -> list[tuple[str, list[Reservation], Any]]:
    titles = {"asked": _("To answer"), "confirmed": _("To prepare"), "ready": _("Ready")}
    return [
        (title, [one for one in live if one.state == state], _acts(state))
        for state, title in titles.items()
        if state != "asked" or any(one.state == "asked" for one in live)
    ]


def _acts(state: str) -> tuple[tuple[str, str, str], ...]:
    """Give the buttons of a state: act, words, kind."""
    buttons: tuple[tuple[states.Act, str, str], ...] = (
        ("confirm", _("Confirm"), ""), ("prepare", _("Ready"), ""), ("collect", _("Collected"), ""),
        ("refuse", _("Refuse"), "away"), ("miss", _("Not collected"), "second"),
        ("cancel", _("Cancel"), "away"),
    )  # fmt: skip
    if state == "asked":
        buttons = tuple(one for one in buttons if one[0] != "cancel")
    return tuple(one for one in buttons if state in states.MOVES[one[0]])


def _said(book: Book, one: Done) -> str:
    """Say an act that can be undone."""
    product = book.shop.product(one.product or "")
    name = product.name if product else one.product or ""
    named = {
        "confirm": _("Confirmed: {what}"), "prepare": _("Ready: {what}"),
        "collect": _("Collected: {what}"), "refuse": _("Refused: {what}"),
        "miss": _("Not collected: {what}"), "cancel": _("Cancelled: {what}"),
        "sold": _("Sold at the counter: {what}"), "made": _("One more: {what}"),
        "closed": _("Closed: {what}"), "answer": _("Answered: {what}"),
    }  # fmt: skip
    code = f"{one.code[:3]} {one.code[3:]}" if one.code else ""
    return named[one.act].format(what=code or name or one.day or "")


async def move(request: Request) -> Response:
    """Do one of the buttons to a reservation."""
    told = await form(request)
    act, id = told.get("act", ""), told.get("id", "")
    if act not in states.SHOP_ACTS:
        raise HTTPException(400)
    return await _do(request, acts.move, _whole(id), act)


async def answer(request: Request) -> Response:
    """Keep what a customer who was asked says that brought them."""
    told = await form(request)
    said = told.get("answer", "")
    if said not in acts.ANSWERS:
        raise HTTPException(400)
    return await _do(request, acts.answer, _whole(told.get("id", "")), said)


async def stock(request: Request) -> Response:
    """Take a piece out of the stock that was sold at the counter, or put one in."""
    told = await form(request)
    n = _whole(told.get("n", ""))
    if n not in (1, -1):
        raise HTTPException(400)
    return await _do(request, acts.sell, told.get("product", ""), n)


async def close(request: Request) -> Response:
    """Close today."""
    book: Book = request.app.state.desk.book
    today = book.hours().local(book.clock()).date()
    return await _do(request, acts.close_day, today.isoformat())


async def undo(request: Request) -> Response:
    """Take an act back."""
    told = await form(request)
    return await _do(request, acts.undo, _whole(told.get("event", "")))


async def code(request: Request) -> Response:
    """Find a reservation by its code; wrong ones slow down whoever tries."""
    desk: Desk = request.app.state.desk
    if desk.wrong.passed("codes"):
        text = _("Five codes were wrong. Wait a minute, then try again.")
        return await run_in_threadpool(_page, request, None, text, 429)
    told = await form(request)
    try:
        found = await run_in_threadpool(desk.book.by_code, told.get("code", ""))
    except CounterError:
        found = None
    if found is None:
        desk.wrong.count("codes")
        text = _("There is no reservation with this code, or it has been erased.")
        return await run_in_threadpool(_page, request, None, text, 404)
    return await run_in_threadpool(_page, request, found)


async def window(request: Request) -> Response:
    """Give a sheet for the window: the address of the page as a QR code."""
    desk: Desk = request.app.state.desk
    address = desk.book.shop.address or str(request.base_url).rstrip("/")
    return page("window.html", request, qr=rendering.qr(f"{address}/?s=window"), address=address)


async def events(request: Request) -> Response:
    """Give the log of events."""
    return _lines(b"".join(await run_in_threadpool(_all, log.lines, request)))


async def sealed(request: Request) -> Response:
    """Give the sealed contacts, for who has the key."""
    return _lines(b"".join(await run_in_threadpool(_all, log.contacts, request)))


def _all(told: Any, request: Request) -> list[bytes]:
    return list(told(request.app.state.desk.book))


def _lines(data: bytes) -> Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="log.jsonl"',
    }
    return Response(data, media_type="application/jsonl", headers=headers)


async def _do(request: Request, act: Any, *args: Any) -> Response:
    """Have an act written; what cannot be done is said on the page itself."""
    try:
        await asyncio.wrap_future(request.app.state.desk.book.write(act, *args))
    except CounterError as error:
        return await run_in_threadpool(_page, request, None, str(error), 409)
    return to(request, _here(request))


def _whole(text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 12):
        raise HTTPException(400)
    return int(text)


def _here(request: Request) -> str:
    return f"/c/{request.path_params['secret']}"


VIEWS = (
    ("GET", "/c/{secret}", counter), ("POST", "/c/{secret}/move", move),
    ("POST", "/c/{secret}/answer", answer), ("POST", "/c/{secret}/stock", stock),
    ("POST", "/c/{secret}/close", close), ("POST", "/c/{secret}/undo", undo),
    ("POST", "/c/{secret}/code", code),
    ("GET", "/c/{secret}/window", window), ("GET", "/c/{secret}/log", events),
    ("GET", "/c/{secret}/contacts", sealed),
)  # fmt: skip
