"""What every lens shares: channels, sections, measures, claims and the rule that ranks them.

A lens turns tables into parts (a section with the claims it makes); what was tested and may be
told is decided for the whole report by `Budget`; `report` makes of them a
`Report` that opens with its answer.
"""

from empreinte.asking.budget import Budget, Candidate
from empreinte.asking.channels import Channel, channels
from empreinte.asking.claims import LEVEL, Claim, answer
from empreinte.asking.declared import (
    Said,
    drawn,
    listed,
    measure,
    names,
    phrase,
    said,
    section,
    unit,
)
from empreinte.asking.measures import measured
from empreinte.asking.periods import asked, untold
from empreinte.asking.references import references
from empreinte.asking.sections import (
    Fact,
    Part,
    by_channel,
    collect,
    proportion,
    report,
    single,
    value,
    whole,
)
from empreinte.asking.shown import chart, table

__all__ = [
    "LEVEL",
    "Budget",
    "Candidate",
    "Channel",
    "Claim",
    "Fact",
    "Part",
    "Said",
    "answer",
    "asked",
    "by_channel",
    "channels",
    "chart",
    "collect",
    "drawn",
    "listed",
    "measure",
    "measured",
    "names",
    "phrase",
    "proportion",
    "references",
    "report",
    "said",
    "section",
    "single",
    "table",
    "unit",
    "untold",
    "value",
    "whole",
]
