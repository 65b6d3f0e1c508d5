"""The options that commands share. Help is marked here and translated when it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from empreinte.causes import later as later

LedgerPath = Annotated[
    Path | None,
    typer.Option(
        "--ledger",
        metavar="FILE",
        help=later("The data file to use, instead of the one in your data folder."),
    ),
]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="fr|en", help=later("The language to use.")),
]
AsJson = Annotated[
    bool, typer.Option("--json", help=later("Print one JSON object, for other programs."))
]
CsvFolder = Annotated[
    Path | None,
    typer.Option("--csv", metavar="DIR", help=later("Write each table as a CSV file into DIR.")),
]
CsvDialect = Annotated[
    str | None,
    typer.Option(
        "--csv-dialect",
        metavar="en|fr|plain",
        help=later(
            "How CSV files are written: for a spreadsheet in that language, or plain for programs."
        ),
    ),
]
HtmlFile = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help=later("Write the report as one HTML page.")),
]
FilesFolder = Annotated[
    Path | None,
    typer.Option(
        "--files",
        metavar="DIR",
        help=later("Write the report’s files (letters, calendar, summary) into DIR."),
    ),
]
HideNumbers = Annotated[
    bool,
    typer.Option(
        "--hide-numbers", help=later("Show the answers without likes, shares or follower counts.")
    ),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help=later("From this day on, such as 2026-03-06.")),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help=later("Up to this day, day excluded.")),
]
Channels = Annotated[
    list[str] | None,
    typer.Option(
        "--channel",
        metavar="ACCOUNT",
        help=later("Only this account: x, x:@username or x:id. Can be given several times."),
    ),
]
Limit = Annotated[
    int,
    typer.Option("--limit", metavar="N", min=1, max=1000, help=later("How many rows to show.")),
]
Offset = Annotated[
    int, typer.Option("--offset", metavar="N", min=0, help=later("How many rows to skip."))
]
