"""What the loss report says of a table: what was passed over, and why."""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.language import Message, joined, message
from empreinte.sources.table.tally import Tally


def left(reason: str) -> Message:
    """Say why nothing of a table is kept."""
    return {
        "parts": message(
            "A table by country, age, device, source, query or page. Only numbers by day and by "
            "post are kept."
        ),
        "people": message("Other people’s addresses and what they opened: they are not kept."),
        "sold": message("What a shop sold, with buyers’ names and addresses: it is not kept."),
        "told": message("You said that it is other people’s: nothing of it is kept."),
        "securities": message("Movements of securities: nothing was bought from a seller."),
    }[reason]


def remark(tally: Tally) -> Message | None:
    """Say what was passed over, if anything was."""
    found = list(_sentences(tally))
    return joined(*found) if found else None


def _sentences(tally: Tally) -> Iterator[Message]:
    sheets = ", ".join(tally.sheets)
    if tally.undated:
        yield message(
            "Posts with counts of an unknown period (the name of their archive tells it): {n}. "
            "The counts were kept as they stood on the day of the file.",
            n=tally.undated,
        )
    if sum(map(bool, (tally.totals, tally.partial, sheets))) > 1:
        yield message(
            "Skipped: rows that sum up the others ({totals}); counts of posts older than the "
            "period of the table ({partial}); sheets ({sheets}).",
            totals=tally.totals, partial=tally.partial, sheets=sheets or "–",
        )  # fmt: skip
    elif tally.totals:
        yield message("Skipped, rows that sum up the others: {totals}.", totals=tally.totals)
    elif tally.partial:
        yield message(
            "Skipped, posts older than the period of their counts: {partial}. Export the whole "
            "lifetime.",
            partial=tally.partial,
        )
    elif sheets:
        yield message("Sheets that are not read: {sheets}.", sheets=sheets)
    if tally.bare:
        yield message("A table that has headings, and no row.")
    if tally.above:
        yield message(
            "Skipped, lines above the headings (titles, names of groups): {above}.",
            above=tally.above,
        )
    if tally.below:
        yield message(
            "Skipped, lines of text below the table: {below} (the first: “{note}”).",
            below=tally.below, note=tally.note,
        )  # fmt: skip
    if tally.explained:
        yield message("Skipped: the row that explains the columns.")
    if tally.undone:
        yield message(
            "Skipped, rows of another state (not done, sent back, a trailer): {undone}.",
            undone=tally.undone,
        )
    if tally.again:
        yield message(
            "Rows of a day, or of a post, that an earlier row is of as well: {again}. One number "
            "of each name is kept for it.",
            again=tally.again,
        )
    if tally.unpaid:
        yield message(
            "Skipped, movements of money that go to no seller (what came in, transfers, cash, "
            "fees): {unpaid}.",
            unpaid=tally.unpaid,
        )
    if tally.unpriced:
        yield message(
            "Skipped, rows that tell no amount of money: {unpriced}.", unpriced=tally.unpriced
        )
    if tally.free:
        yield message("Skipped, rows with an amount of 0: {free}.", free=tally.free)
    yield from _of_money(tally)
    if tally.short.n:
        yield message(
            "Numbers that are written short: {short} (the first: {written}, line {short_line}). "
            "They are approximate, for the rest of their digits is not told.",
            short=tally.short.n, written=tally.short.first, short_line=tally.short.line,
        )  # fmt: skip
    if tally.spoilt:
        lines = sorted(tally.spoilt)
        yield message(
            "Lines with letters that cannot be read (� stands for them): {spoilt} (the first: "
            "{spoilt_lines}).",
            spoilt=len(lines), spoilt_lines=", ".join(map(str, lines[:10])),
        )  # fmt: skip
    if tally.titles:
        yield message(
            "Skipped, titles that are not known: {titles} (rows: {left}).",
            titles=", ".join(tally.titles), left=tally.left,
        )  # fmt: skip
    if tally.unkept:
        yield message(
            "Columns that are known and not kept: {columns}.", columns=", ".join(tally.unkept)
        )


def _of_money(tally: Tally) -> Iterator[Message]:
    """Say where signs of currencies contradict what else is known of them, and which is not."""
    if tally.contrary.n:
        yield message(
            "Amounts beside the sign of another currency than their column tells: {contrary} (the "
            "first: {contrast}, line {contrary_line}). The column’s was kept.",
            contrary=tally.contrary.n, contrast=tally.contrary.first,
            contrary_line=tally.contrary.line,
        )  # fmt: skip
    if tally.against.n:
        yield message(
            "Amounts beside the sign of another currency than was said of the table: {against} "
            "(the first: {against_first}, line {against_line}). The sign counts, for it is of its "
            "own row.",
            against=tally.against.n, against_first=tally.against.first,
            against_line=tally.against.line,
        )  # fmt: skip
    if tally.heading:
        yield message(
            "The heading {heading} tells another currency than was said of the table. What was "
            "said counts.",
            heading=tally.heading,
        )
    if tally.mixed.n:
        yield message(
            "Numbers beside the sign of another currency than their column’s: {mixed} (the "
            "first: {mixed_first}, line {mixed_line}). They are kept as they stand: nothing is "
            "converted.",
            mixed=tally.mixed.n, mixed_first=tally.mixed.first, mixed_line=tally.mixed.line,
        )  # fmt: skip
    if tally.unnamed:
        yield message(
            "Orders whose currency is not known: {unnamed}. They are kept with their amounts, and "
            "not added up. Say the currency: “empreinte describe FILE currency=EUR”, or currency "
            "in a mapping file.",
            unnamed=tally.unnamed,
        )
    if tally.signs:
        yield message(
            "Signs and words that stand for no currency, or for several: {signs}.",
            signs=", ".join(tally.signs),
        )
