"""What anybody sees: the shop, and the page of a reservation for who has its token."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from empreinte.counter import (
    acts,
    calendar,
    codes,
    mail,
    nearest,
    sealing,
    states,
    structured,
    wording,
)
from empreinte.counter.book import Book, Reservation
from empreinte.counter.deciding import Wish, moment
from empreinte.counter.hours import Hours
from empreinte.counter.shop import Shop
from empreinte.counter.web import rendering
from empreinte.counter.web.answering import Desk, form, page, to
from empreinte.errors import CounterError, LackError
from empreinte.language import _, current, day

VIA = re.compile(r"[A-Za-z0-9_-]{1,24}")


async def front(request: Request) -> Response:
    """Show the shop: hours, what is there, the form."""
    response = await _front(request, request.query_params.get("s", ""))
    # Kept by this browser alone, so that going back and sending again is the same reservation.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


async def near(request: Request) -> Response:
    """Show the shop with the others, the nearest first. What was asked stands in no address."""
    told = await form(request)
    if not request.app.state.desk.book.shop.others:
        raise HTTPException(404)
    return await _front(request, told.get("via", ""), told.get("place", ""))


async def _front(request: Request, via: str, place: str = "") -> Response:
    book: Book = request.app.state.desk.book
    told = await run_in_threadpool(content, book, codes.new_token())
    told |= {
        "via": via if VIA.fullmatch(via) else "", "asks_place": True,
        "near": await run_in_threadpool(nearest.answer, book.shop, place),
        "other": f"/?lang={'en' if current() == 'fr' else 'fr'}",
    }  # fmt: skip
    return page("shop.html", request, **told)


def content(book: Book, token: str) -> dict[str, Any]:
    """Give what the page of the shop says, with what can be reserved and when."""
    hours, now = book.hours(), book.clock()
    slots = groupby(book.slots(), lambda one: hours.local(one[0][0]).date())
    return about(book.shop, hours, now) | {
        "token": token,
        "reservable": bool(book.shop.products),
        "offers": book.offers(),
        "days": [(wording.day(date), list(of_day)) for date, of_day in slots],
        "opening": wording.now_open(hours, now),
    }


def about(shop: Shop, hours: Hours, now: datetime) -> dict[str, Any]:
    """Give what the page says of the shop itself, and nothing that is true for a moment only."""
    siren = shop.siren
    return {
        "shop": shop, "hours": hours, "token": "", "via": "", "policy": "", "opening": "",
        "reservable": False, "week": wording.week(shop, hours, now),
        "caption": _("The coming week, with holidays and special days"),
        "near": nearest.answer(shop), "asks_place": False,
        "siren": f"{siren[:3]} {siren[3:6]} {siren[6:]}",
        "structured": Markup(structured.json_ld(shop, hours, now)),  # noqa: S704 - no < is left
    }  # fmt: skip


async def reserve(request: Request) -> Response:
    """Hold what was chosen, and lead to its page."""
    told = await form(request)
    token = told.get("token", "")
    if not codes.is_token(token):
        raise HTTPException(400)
    via = told.get("via", "").strip()
    via = via if VIA.fullmatch(via) else ""
    wished = wish(told)
    try:
        await _done(request, acts.hold, token, wished, current(), via)
    except LackError as error:
        starts = None if error.product or not wished.starts else int(wished.starts.timestamp())
        await _done(request, acts.lack, error.product, starts)
        raise
    return to(request, f"/r/{token}")


def wish(told: Mapping[str, str]) -> Wish:
    """Read what the form says; `HTTPException` 400 if no form of ours says it."""

    def numbers(prefix: str) -> dict[str, int]:
        return {
            name.removeprefix(prefix): _number(value)
            for name, value in told.items()
            if name.startswith(prefix)
        }

    starts = told.get("starts", "")
    return Wish(
        lines={id: n for id, n in numbers("n-").items() if n},
        prices=numbers("price-"),
        starts=_moment(starts) if starts else None,
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise HTTPException(400)
    return int(text)


def _moment(text: str) -> datetime:
    try:
        return moment(_number(text))
    except (ValueError, OverflowError, OSError) as error:
        raise HTTPException(400) from error


async def reservation(request: Request) -> Response:
    """Show a reservation as it is now, and how to cancel it."""
    desk: Desk = request.app.state.desk
    one = await run_in_threadpool(_current, desk.book, _token(request))
    title, explained = words(one, desk.book)
    live = one.state in states.LIVE
    return page(
        "reservation.html", request, reservation=one, title=title, explained=explained,
        hours=desk.book.hours(), here=f"/r/{_token(request)}", sends=one.state == "held",
        shows_code=live and one.state != "held", cancels=live,
        qr=rendering.qr(_address(request)) if live else "",
    )  # fmt: skip


def _current(book: Book, token: str) -> Reservation:
    """Give a reservation after what time has decided."""
    one = book.find(token)
    if one.until is not None and one.until <= book.clock():
        book.settle()
        one = book.find(token)
    return one


def words(one: Reservation, book: Book) -> tuple[str, str]:
    """Say in a title and a sentence what a reservation's state is: reserved is not ready."""
    match one.state:
        case "held":
            return _("One step more"), _(
                "What you chose is held while you fill in this form, for a quarter of an hour. "
                "It is reserved when you send it."
            )
        case "asked":
            return _("Asked for"), _("The shop will answer. This page says what it answered.")
        case "confirmed":
            return _("Reserved"), _("It is not ready yet. This page says when it is.")
        case "ready":
            until = one.until and day(book.hours().local(one.until))
            said = _("It waits for you at the counter.")
            if until:
                said += " " + _("It is kept until {day}.").format(day=until)
            return _("Ready"), said
        case "collected":
            return _("Collected"), _("Thank you.")
        case "refused":
            return _("Refused"), _("The shop cannot do it. You owe nothing.")
        case "cancelled":
            return _("Cancelled"), _("Nothing is reserved, and you owe nothing.")
        case "expired":
            return _("Over"), _("It was not sent or not answered in time. Nothing is reserved.")
        case _:
            return _("Not collected"), _("It was kept as long as was said, and is no longer.")


async def send(request: Request) -> Response:
    """Ask for what is held. Name and contact are sealed here, and the mail leaves from memory."""
    desk: Desk = request.app.state.desk
    told, token = await form(request), _token(request)
    contact = _contact(told) if desk.book.shop.public_key else sealing.Contact()
    sealed = None
    if desk.book.shop.public_key:
        sealed = sealing.seal(contact, desk.book.shop.public_key)
    await _done(request, acts.send, token, sealed, _postcode(told))
    response = to(request, f"/r/{token}")
    # The name that a request gives to this server is not to be mailed to anybody as a link.
    if contact.mail and desk.tell is not None and desk.book.shop.address:
        one = await run_in_threadpool(desk.book.find, token)
        text = mail.confirmation(desk.book.shop, desk.book.hours(), one, _address(request))
        response.background = BackgroundTask(desk.tell, desk.book.shop, contact.mail, text)
    return response


def _postcode(told: Mapping[str, str]) -> str:
    return " ".join(told.get("postcode", "")[:20].upper().split())


def _contact(told: Mapping[str, str]) -> sealing.Contact:
    """Read a name, and an e-mail address or a telephone number."""
    name = " ".join(told.get("name", "").split())[:80]
    text = told.get("contact", "").strip()[:120]
    if not text:
        return sealing.Contact(name)
    if "@" in text:
        from email_validator import EmailNotValidError, validate_email

        try:
            found = validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise CounterError(
                "“{text}” is neither an e-mail address nor a telephone number.", text=text
            ) from error
        return sealing.Contact(name, mail=found)
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise CounterError(
            "“{text}” is neither an e-mail address nor a telephone number.", text=text
        )
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return sealing.Contact(name, phone=written)


async def cancel(request: Request) -> Response:
    """Cancel it."""
    await _done(request, acts.cancel, _token(request))
    return to(request, f"/r/{_token(request)}")


async def slot(request: Request) -> Response:
    """Give the slot as a calendar file."""
    desk: Desk = request.app.state.desk
    one = await run_in_threadpool(desk.book.find, _token(request))
    if one.slot is None:
        raise HTTPException(404)
    data = calendar.ics(desk.book.shop, one, _address(request))
    headers = {
        "Content-Disposition": 'attachment; filename="slot.ics"',
        "Cache-Control": "no-store",
    }
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


def _token(request: Request) -> str:
    return request.path_params["token"]


def _address(request: Request) -> str:
    """Give the whole address of a reservation's page."""
    desk: Desk = request.app.state.desk
    base = desk.book.shop.address or str(request.base_url).rstrip("/")
    return f"{base}/r/{_token(request)}"


async def _done(request: Request, act: Any, *args: Any) -> Any:
    """Have an act written, and wait until it is on disk."""
    return await asyncio.wrap_future(request.app.state.desk.book.write(act, *args))


VIEWS = (
    ("GET", "/", front), ("POST", "/near", near), ("POST", "/reserve", reserve),
    ("GET", "/r/{token}", reservation),
    ("POST", "/r/{token}/send", send), ("POST", "/r/{token}/cancel", cancel),
    ("GET", "/r/{token}/slot.ics", slot),
)  # fmt: skip
