"""From a page's content to HTML or JSON, in the visitor's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup, escape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from empreinte import __version__, api, language
from empreinte.errors import EmpreinteError
from empreinte.faces.presenting import drawing, grid, network_svg, pictures, wording
from empreinte.language import _
from empreinte.model import platform_name


@dataclass(frozen=True, slots=True)
class Page:
    """What a view gives: a template with its content, and the same as plain data."""

    template: str
    content: dict[str, Any] = field(default_factory=dict)
    data: Any = None
    status: int = 200
    headers: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose pages these are, where they are a made-up person's: where they lead back to."""

    back: str = ""


View = Callable[[Request], Page | Response]


def endpoint(
    view: View, fields: int = 50, *, kept: bool = False
) -> Callable[[Request], Awaitable[Response]]:
    """Make a Starlette endpoint of `view`; it runs in a thread, in the visitor's language.

    The fields of a form, at most so many, are read before: into ``request.state.form`` by their
    names, into ``request.state.items`` as they were sent. A page that shows nothing but what
    stands in the ledger may be `kept`: it is written once for all who ask the same of one state.
    """

    async def answer(request: Request) -> Response:
        if request.method == "POST":
            form = await request.form(max_files=0, max_fields=fields)
            request.state.items = [(name, str(value)) for name, value in form.multi_items()]
            request.state.form = dict(request.state.items)
        return await run_in_threadpool(answer_in_thread, request)

    def answer_in_thread(request: Request) -> Response:
        ledger = request.app.state.ledger
        settings = ledger.settings()
        speech = spoken(request, settings)

        def write() -> Response:
            with language.speaking(speech):
                page = view(request)
                if isinstance(page, Response):
                    return page
                if request.url.path.endswith(".json"):
                    return Response(api.encode(page.data), media_type="application/json")
                return HTMLResponse(render(request, page, settings), page.status, page.headers)

        written, state = request.app.state.written, ledger.state()
        written.turn(state)  # nothing erased stays in memory
        if not kept:
            return write()
        return written.get(state, (request.url.path, request.url.query, speech, settings), write)

    return answer


def render(request: Request, page: Page, settings: api.Settings, **content: Any) -> str:
    """Fill a template in the current language."""
    zone = wording.zone_of(settings.timezone)
    app = request.scope.get("app")  # not there yet where a visitor is refused at the door
    return (
        environment()
        .get_template(page.template)
        .render(
            language=language.current(),
            settings=settings,
            hide=settings.hide_numbers,
            shown=app.state.shown if app else None,
            path=request.url.path,
            here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            write=partial(wording.write, zone=zone),
            moment=lambda value: wording.moment(value, zone),
            **page.content,
            **content,
        )
    )


@cache
def environment() -> jinja2.Environment:
    """Give the templates with all that they call; whatever they print is escaped."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    templates.globals.update(
        _=language._,
        ngettext=language.ngettext,
        version=__version__,
        number=language.number,
        day=language.day,
        interval=wording.interval,
        bounds=wording.bounds,
        counter=wording.counter,
        is_counter=wording.is_counter,
        unit_beside=wording.unit_beside,
        without_counters=wording.without_counters,
        web_address=wording.web_address,
        platform_name=platform_name,
        size=wording.size,
        base_name=base_name,
        picture=pictures.picture,
        sparkline=pictures.sparkline,
        drawing=drawing.drawing,
        grids=grid.grids,
        folded=grid.folded,
        lead=grid.lead,
        brief=grid.brief,
        sketch=network_svg.sketch,
        walking=network_svg.walking,
        name_of=wording.name,
        query=query,
        lens_names=api.lenses,
    )
    templates.filters["breakable"] = breakable
    templates.filters["base_name"] = base_name
    templates.filters["lower_first"] = lambda text: text.strip()[:1].lower() + text.strip()[1:]
    return templates


def breakable(text: str) -> Markup:
    """Let a line end behind the ``@`` of an address, rather than anywhere in it."""
    return Markup(str(escape(text)).replace("@", "@<wbr>"))  # noqa: S704 - escaped just before


def spoken(request: Request, settings: api.Settings) -> str:
    """Choose the language: the owner's setting, else the browser's first that is known."""
    if settings.language is not None:
        return settings.language
    wanted: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _semicolon, quality = part.strip().partition(";q=")
        code = tag.split("-")[0].lower()
        if code in language.LANGUAGES:
            wanted.append((_quality(quality), code))
    return max(wanted, key=lambda one: one[0])[1] if wanted else "en"


def _quality(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def base_name(path: str) -> str:
    """Give the name of an archive without the folder it was read from."""
    return PurePath(path).name or path


def query(**parameters: Any) -> str:
    """Write ``?a=1&b=2``, leaving out what is empty; ``""`` if all is."""
    given = [
        (name, item)
        for name, value in parameters.items()
        for item in (value if isinstance(value, list | tuple) else [value])
        if item not in (None, "", False)
    ]
    return f"?{urlencode(given)}" if given else ""


def redirect(path: str) -> Response:
    """Send the browser to one of our own pages after a form."""
    return RedirectResponse(path, 303)


def error_page(
    request: Request, status: int, ledger: api.Ledger, error: EmpreinteError | None = None
) -> Response:
    """Say in plain words what went wrong and what to do next."""
    try:
        settings = ledger.settings()
    except EmpreinteError:  # it is the ledger that fails: that must not keep us from saying so
        settings = api.Settings()
    with language.speaking(spoken(request, settings)):
        title, text = _explained(status)
        if error is not None:
            text = str(error)
        if request.url.path.endswith(".json"):
            data = {"error": {"status": status, "text": text}}
            return Response(api.encode(data), status, media_type="application/json")
        page = Page("gate.html" if status == 403 else "error.html", {"title": title, "text": text})
        return HTMLResponse(render(request, page, settings), status)


def _explained(status: int) -> tuple[str, str]:
    match status:
        case 403:
            return _("This page is private"), _(
                "Open the full address that Empreinte showed when it started: it holds a "
                "key. If that window is closed, run “empreinte open” again."
            )
        case 404:
            return _("There is nothing here"), _(
                "The address may be mistyped, or the page was erased."
            )
        case 413:
            return _("This is too large"), _("Use “empreinte import” in a terminal instead.")
        case 507:
            return _("The disk is too full"), _(
                "Make room on the disk that holds your data, then try again."
            )
        case 400 | 405 | 411 | 429:
            return _("This cannot be asked"), _(
                "A value in the address or in the form does not fit. Go back and try again."
            )
        case _:
            return _("Empreinte failed"), _(
                "This is a bug in Empreinte, not in your data: nothing was lost. The "
                "terminal where it runs says more. Please report it."
            )
