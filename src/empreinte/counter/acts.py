"""What is written in one transaction: each act checks again all that it stands on.

Every act is called with the connection, the moment, and the shop. It raises a `CounterError` if it
cannot be done, and then nothing of it is kept.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from sqlite3 import Connection, IntegrityError, Row

from empreinte.counter import codes, deciding, states
from empreinte.counter.deciding import Wish
from empreinte.counter.hours import Hours, Span, dated
from empreinte.counter.shop import Shop
from empreinte.counter.states import Act, State
from empreinte.errors import CounterError

OVER = """EXISTS (
  SELECT 1 FROM event l WHERE l.undoes = e.id
  OR (l.reservation = e.reservation AND l.id > e.id AND e.act <> 'answer' AND l.after IS NOT NULL)
)"""
"""Whether an event ``e`` was taken back, or a reservation has moved on since."""
UNDO = timedelta(minutes=15)
"""How long an act of the counter can be taken back."""
DAY_S = 86_400
ANSWERS = ("post", "window", "word", "before", "unsaid")
"""What a customer may say that brought them; ``unsaid`` where nothing is said."""
POSTCODE = re.compile(r"[0-9A-Z][0-9A-Z -]{1,8}[0-9A-Z]")
TOGETHER = 5
"""Postcodes are told together, so many or more of the same, on a day on which none of them came."""
RARE = timedelta(days=180)
"""A postcode that fewer have given than that is erased."""


def hours_of(db: Connection, shop: Shop, now: datetime) -> Hours:
    """Give the hours with special days and closures."""
    since = (now - timedelta(days=2)).date().isoformat()
    days = [row[0] for row in db.execute("SELECT day FROM closed WHERE day >= ?", [since])]
    return shop.all_hours.but(
        dated(date.fromisoformat(day), date.fromisoformat(day), "off") for day in days
    )


# What time decides, and what a shop's file tells


def lapse(db: Connection, now: datetime, shop: Shop) -> None:
    """End what is over, and erase what was to be forgotten; done first in each transaction.

    What the shop must do never lapses while it is closed, whatever its hours have become since.
    """
    over = db.execute(
        "SELECT * FROM reservation WHERE ended IS NULL AND until <= ?", [_s(now)]
    ).fetchall()
    if over:
        is_open = hours_of(db, shop, now).is_open(now)
        for row in over:
            if is_open or row["state"] == "held":
                _move(db, now, shop, row, states.LAPSE[row["state"]], "time")
    db.execute(
        "UPDATE reservation SET token = NULL, code = NULL, contact = NULL "
        "WHERE token IS NOT NULL AND ended <= ?",
        [_s(now) - shop.forget_days * DAY_S],
    )
    _tell_postcodes(db, now)


def _tell_postcodes(db: Connection, now: datetime) -> None:
    """Put into the log what many have told, and erase what few have."""
    today = now.date()
    told = db.execute(
        "DELETE FROM postcode WHERE n >= ? AND day < ? RETURNING code, n",
        [TOGETHER, today.isoformat()],
    ).fetchall()
    for row in told:
        _event(db, now, "from", "time", told=row["code"], n=row["n"])
    db.execute("DELETE FROM postcode WHERE day < ?", [(today - RARE).isoformat()])


def take_up(db: Connection, now: datetime, shop: Shop) -> None:
    """Take up products that are new in the shop's file, and those now counted or not any more."""
    for product in shop.products:
        row = db.execute("SELECT * FROM product WHERE id = ?", [product.id]).fetchone()
        if row is None:
            db.execute("INSERT INTO product (id, stock) VALUES (?, ?)", [product.id, product.stock])
        elif (row["stock"] is None) is not (product.stock is None):
            if product.stock is not None and product.stock < row["promised"]:
                raise CounterError(
                    "{name}: already promised, {promised}. Give a stock of at least as many.",
                    name=product.name, promised=row["promised"],
                )  # fmt: skip
            db.execute("UPDATE product SET stock = ? WHERE id = ?", [product.stock, product.id])
        else:
            continue
        more = (product.stock or 0) - ((row["stock"] or 0) if row else 0)
        _event(db, now, "stock", "file", product=product.id, n=more)
    last = db.execute("SELECT told FROM event WHERE act = 'told' ORDER BY id DESC").fetchone()
    facts = json.dumps(shop.facts, ensure_ascii=False, sort_keys=True)
    if last is None or last["told"] != facts:
        _event(db, now, "told", "file", told=facts)


# What a client does


def hold(
    db: Connection, now: datetime, shop: Shop, token: str, wish: Wish, language: str, via: str
) -> Row:
    """Hold what is wished for; the same token again gives the same reservation."""
    known = _by_token(db, token)
    if known is not None:
        return known
    hours = hours_of(db, shop, now)
    free = {
        row["id"]: None if row["stock"] is None else row["stock"] - row["promised"]
        for id in wish.lines
        for row in db.execute("SELECT * FROM product WHERE id = ?", [id])
    }
    grant = deciding.decide(shop, hours, wish, free, lambda at: in_slot(db, _s(at)), now)
    starts, ends = map(_s, grant.slot) if grant.slot else (None, None)
    id = db.execute(
        "INSERT INTO reservation (token, code, state, made, until, starts, ends, language, via) "
        "VALUES (?, ?, 'held', ?, ?, ?, ?, ?, ?)",
        [codes.hashed(token), _free_code(db), _s(now), _s(grant.until), starts, ends, language,
         via or None],
    ).lastrowid  # fmt: skip
    for product, n in grant.lines:
        db.execute("INSERT INTO line VALUES (?, ?, ?, ?)", [id, product.id, n, product.price])
        db.execute("UPDATE product SET promised = promised + ? WHERE id = ?", [n, product.id])
    left = None if starts is None else shop.slot_capacity - in_slot(db, starts)
    _event(db, now, "hold", "client", reservation=id, after="held", n=left)
    return by_id(db, id)


def lack(db: Connection, now: datetime, shop: Shop, product: str | None, starts: int | None) -> int:
    """Keep that a request was refused for lack of a product, or of a place in a slot."""
    return _event(db, now, "lack", "client", product=product, starts=starts)


def in_slot(db: Connection, starts: int) -> int:
    """Count the reservations of a slot."""
    return db.execute(
        "SELECT count(*) FROM reservation WHERE starts = ? "
        "AND state NOT IN ('cancelled', 'refused', 'expired')",
        [starts],
    ).fetchone()[0]


def send(
    db: Connection, now: datetime, shop: Shop, token: str, contact: bytes | None,
    postcode: str = "",
) -> Row:  # fmt: skip
    """Ask for what is held; what is counted and needs nobody's word is confirmed at once.

    A postcode is counted, and stands with no reservation.
    """
    row = by_token(db, token)
    if row["state"] in states.LIVE[1:]:
        return row  # sent twice
    if row["state"] != "held":
        raise CounterError("The time for this form is over. Nothing is held: please choose again.")
    if row["starts"] is not None and not _is_slot(db, now, shop, row):
        _move(db, now, shop, row, "cancel", "time")
        return by_id(db, row["id"])
    db.execute("UPDATE reservation SET contact = ? WHERE id = ?", [contact, row["id"]])
    _move(db, now, shop, row, "send", "client")
    if shop.ask_postcode and POSTCODE.fullmatch(postcode):
        db.execute(
            "INSERT INTO postcode VALUES (?, 1, ?) "
            "ON CONFLICT DO UPDATE SET n = n + 1, day = excluded.day",
            [postcode, now.date().isoformat()],
        )
    to_order = db.execute(
        "SELECT 1 FROM line JOIN product ON product.id = product "
        "WHERE reservation = ? AND stock IS NULL",
        [row["id"]],
    ).fetchone()
    if not shop.by_hand and not to_order:
        _move(db, now, shop, by_id(db, row["id"]), "confirm", "time")
    return by_id(db, row["id"])


def _is_slot(db: Connection, now: datetime, shop: Shop, row: Row) -> bool:
    """Whether the slot is still one: the shop may have closed that day."""
    starts = deciding.moment(row["starts"])
    slots = deciding.slots_of(shop, hours_of(db, shop, now), starts)
    return any(slot[0] == starts for slot in slots)


def cancel(db: Connection, now: datetime, shop: Shop, token: str) -> Row:
    """Cancel it; once more is no error."""
    row = by_token(db, token)
    if row["state"] in states.LIVE:
        _move(db, now, shop, row, "cancel", "client")
    return by_id(db, row["id"])


# What the shop does


def move(db: Connection, now: datetime, shop: Shop, id: int, act: Act) -> int:
    """Do an act of the counter to a reservation; give the number of its event, to undo it."""
    row = by_id(db, id)
    assert act in states.SHOP_ACTS
    if states.after(row["state"], act) is None:
        raise CounterError("This cannot be done: the reservation is already past it.")
    asked = act == "collect" and _is_asked(db, shop, row)
    return _move(db, now, shop, row, act, "shop", **({"told": "ask"} if asked else {}))


def _is_asked(db: Connection, shop: Shop, row: Row) -> bool:
    """Whether who collects now is to be asked what brought them: every so many, whoever it is."""
    collected = {
        one["reservation"] for one in db.execute("SELECT * FROM event WHERE act = 'collect'")
    }
    if row["id"] in collected or not shop.ask_every:  # an undone collection is not counted again
        return bool(row["asked"])
    asked = (len(collected) + 1) % shop.ask_every == 0
    db.execute("UPDATE reservation SET asked = ? WHERE id = ?", [asked, row["id"]])
    return asked


def answer(db: Connection, now: datetime, shop: Shop, id: int, said: str) -> int:
    """Keep what a customer who was asked says that brought them."""
    assert said in ANSWERS
    row = by_id(db, id)
    if not row["asked"] or row["answer"] or row["state"] != "collected":
        raise CounterError("This customer is not asked, or has answered.")
    db.execute("UPDATE reservation SET answer = ? WHERE id = ?", [said, id])
    return _event(db, now, "answer", "shop", reservation=id, told=said)


def sell(db: Connection, now: datetime, shop: Shop, id: str, n: int) -> int:
    """Take pieces out of the stock that were sold at the counter, or put some in (below 0)."""
    _restock(db, shop, id, -n)
    return _event(db, now, "sold" if n > 0 else "made", "shop", product=id, n=-n)


def _restock(db: Connection, shop: Shop, id: str, more: int) -> None:
    row = db.execute("SELECT * FROM product WHERE id = ? AND stock IS NOT NULL", [id]).fetchone()
    product = shop.product(id)
    name = product.name if product else id
    if row is None:
        raise CounterError("{name} is not counted here.", name=name)
    if row["stock"] + more < row["promised"]:
        hurt = db.execute(
            "SELECT code FROM reservation JOIN line ON reservation = id "
            "WHERE product = ? AND ended IS NULL ORDER BY made DESC LIMIT 5",
            [id],
        )
        raise CounterError(
            "{name}: in stock, {stock}; promised, {promised}. Would go without: {codes}. Cancel "
            "one of them first.",
            name=name, stock=row["stock"], promised=row["promised"],
            codes=", ".join(codes.written(one[0]) for one in hurt) or "–",
        )  # fmt: skip
    db.execute("UPDATE product SET stock = stock + ? WHERE id = ?", [more, id])


def close_day(db: Connection, now: datetime, shop: Shop, day: str) -> int:
    """Close on a day; what would have lapsed then is kept for as many opening minutes more."""
    before = hours_of(db, shop, now)
    if not db.execute("INSERT OR IGNORE INTO closed VALUES (?)", [day]).rowcount:
        raise CounterError("That day is closed already.")
    after = hours_of(db, shop, now)
    rows = db.execute("SELECT * FROM reservation WHERE ended IS NULL AND until > ?", [_s(now)])
    for row in rows.fetchall():
        if row["state"] != "held":
            left = before.minutes(now, deciding.moment(row["until"]))
            _keep_until(db, row["id"], after.after(now, left))
    return _event(db, now, "closed", "shop", day=day)


def undo(db: Connection, now: datetime, shop: Shop, event: int) -> None:
    """Take back an act of the counter, if nothing has come after it."""
    row = db.execute("SELECT * FROM event WHERE id = ? AND by = 'shop'", [event]).fetchone()
    if row is None or _s(now) - row["at"] > UNDO.total_seconds():
        raise CounterError("This can no longer be undone.")
    if db.execute(f"SELECT 1 FROM event e WHERE id = ? AND {OVER}", [event]).fetchone():
        raise CounterError("This can no longer be undone.")
    if row["act"] == "answer":
        db.execute("UPDATE reservation SET answer = NULL WHERE id = ?", [row["reservation"]])
    elif row["reservation"] is not None:
        _undo_move(db, now, shop, row)
    elif row["day"]:
        db.execute("DELETE FROM closed WHERE day = ?", [row["day"]])
    elif row["act"] in ("sold", "made"):
        _restock(db, shop, row["product"], -row["n"])
    else:
        raise CounterError("This can no longer be undone.")
    _event(
        db, now, "undo", "shop", undoes=event, reservation=row["reservation"],
        before=row["after"], after=row["before"], product=row["product"],
        n=None if row["n"] is None else -row["n"], day=row["day"],
    )  # fmt: skip


def _undo_move(db: Connection, now: datetime, shop: Shop, event: Row) -> None:
    reservation = by_id(db, event["reservation"])
    back: State = event["before"]
    full = reservation["starts"] is not None and event["after"] not in states.IN_SLOT
    if full and in_slot(db, reservation["starts"]) >= shop.slot_capacity:
        raise CounterError("That time is full. Please choose another one.")
    _into(db, now, shop, reservation, back)


# Shared steps


def by_token(db: Connection, token: str) -> Row:
    """Give the reservation of a token."""
    row = _by_token(db, token)
    if row is None:
        raise CounterError("There is no reservation here, or it has been erased.")
    return row


def _by_token(db: Connection, token: str) -> Row | None:
    return db.execute("SELECT * FROM reservation WHERE token = ?", [codes.hashed(token)]).fetchone()


def by_id(db: Connection, id: int | None) -> Row:
    """Give a reservation."""
    row = db.execute("SELECT * FROM reservation WHERE id = ?", [id]).fetchone()
    if row is None:
        raise CounterError("There is no reservation here, or it has been erased.")
    return row


def _move(
    db: Connection, now: datetime, shop: Shop, row: Row, act: Act, by: str, **more: str
) -> int:
    to = states.MOVES[act][row["state"]]
    _into(db, now, shop, row, to)
    return _event(db, now, act, by, reservation=row["id"], before=row["state"], after=to, **more)


def _into(db: Connection, now: datetime, shop: Shop, row: Row, to: State) -> None:
    """Bring a reservation into a state, and the pieces with it."""
    promised, present = states.effect(row["state"], to)
    try:
        if promised or present:
            db.execute(
                "UPDATE product SET promised = promised + ? * line.n, stock = stock + ? * line.n "
                "FROM line WHERE line.product = product.id AND line.reservation = ?",
                [promised, present, row["id"]],
            )
    except IntegrityError as error:
        raise CounterError("Its pieces have been given away since.") from error
    slot: Span | None = None
    if row["starts"] is not None:
        slot = deciding.moment(row["starts"]), deciding.moment(row["ends"])
    live = to in states.LIVE
    until = deciding.until(shop, hours_of(db, shop, now), to, slot, now) if live else None
    db.execute(
        "UPDATE reservation SET state = ?, ended = ? WHERE id = ?",
        [to, None if live else _s(now), row["id"]],
    )
    _keep_until(db, row["id"], until)


def _keep_until(db: Connection, id: int, until: datetime | None) -> None:
    db.execute("UPDATE reservation SET until = ? WHERE id = ?", [until and _s(until), id])


def _event(db: Connection, now: datetime, act: str, by: str, **told: object) -> int:
    names = ["at", "act", "by", *told]
    marks = ", ".join("?" * len(names))
    sql = f"INSERT INTO event ({', '.join(names)}) VALUES ({marks})"
    event = db.execute(sql, [_s(now), act, by, *told.values()]).lastrowid
    assert event is not None
    return event


def _free_code(db: Connection) -> str:
    while True:
        code = codes.new_code()
        if not db.execute("SELECT 1 FROM reservation WHERE code = ?", [code]).fetchone():
            return code


def _s(at: datetime) -> int:
    return int(at.timestamp())
