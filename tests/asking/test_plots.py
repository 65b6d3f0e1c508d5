"""Charts of many series: what has no room is told."""

from empreinte.asking import plots


def test_series_without_a_panel_are_told():
    rows = [
        {"channel": f"c{n}", "week": f"2026-01-{day:02}", "value": 1.0}
        for n in range(9)
        for day in range(1, 12 - n)
    ]
    spec = plots.lines("week", "value", "channel", "posts", rows)
    assert spec["facet"]["sort"] == [f"c{n}" for n in range(plots.PANELS)]
    assert plots.left_out("channel", rows).startswith("3 more lines")
    assert plots.left_out("channel", [row for row in rows if row["channel"] < "c6"]) == ""
