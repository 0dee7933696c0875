"""Native charts: bars, stacked bars, pies, each with its title and a text for who cannot see it."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bot.office.child.guard import guarded
from bot.office.child.reasons import Reason, Unreadable

# Told apart by lightness too: by whoever does not see colours, and on a grey print.
COLOURS = ("#1F4E79", "#E39B3B", "#5B9BD5", "#7A3E48", "#A9C18C", "#8064A2", "#C0C0C0", "#404040")
KINDS: dict[str, dict[str, str]] = {
    "bar": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "rows": {"type": "bar"},
    "pie": {"type": "pie"},
}
WIDTH, HEIGHT, BAR_HEIGHT = 620, 300, 26
SMALL = {"size": 9, "name": "微软雅黑"}


def height_of(about: dict[str, Any], rows: int) -> int:
    """In pixels; bars that lie need room for each of their words."""
    return max(HEIGHT, rows * BAR_HEIGHT + 60) if about.get("kind") == "rows" else HEIGHT


def add_chart(
    workbook: Workbook,
    sheet: Worksheet,
    about: dict[str, Any],
    *,
    rows: list[list[Any]],
    header: int,
    at: int,
) -> None:
    """Put a chart of the rows under the row ``header`` onto the sheet at row ``at``."""
    kind, last = about.get("kind", "bar"), header + len(rows)
    chart = workbook.add_chart(KINDS[kind])
    if chart is None:
        raise Unreadable(Reason.BAD_SPEC)
    name, labels = sheet.name, int(about.get("labels", 0))
    for number, column in enumerate(about["values"]):
        series: dict[str, Any] = {
            "name": [name, header, column],
            "categories": [name, header + 1, labels, last, labels],
            "values": [name, header + 1, column, last, column],
            # Rows already written cannot be looked up; some viewers draw from these alone.
            "categories_data": [row[labels] for row in rows],
            "values_data": [row[column] for row in rows],
        }
        if kind == "pie":
            points = [{"fill": {"color": colour}} for colour in COLOURS]
            series["points"] = [points[i % len(points)] for i in range(last - header)]
            series["data_labels"] = {"category": True, "percentage": True, "font": SMALL}
        else:
            series["fill"] = {"color": COLOURS[number % len(COLOURS)]}
            series["gap"] = 60
            if kind != "stacked":
                series["data_labels"] = {"value": True, "font": SMALL}
        chart.add_series(series)
    title = guarded(str(about["title"]))
    chart.set_title({"name": title, "name_font": {"size": 13, "name": "微软雅黑"}})
    chart.set_size({"width": WIDTH, "height": height_of(about, len(rows))})
    if kind == "pie" or len(about["values"]) == 1:
        chart.set_legend({"none": True})
    else:
        chart.set_legend({"position": "bottom", "font": SMALL})
    if kind == "rows":
        # From the top, as in the table; the numbers stand at the bars themselves.
        chart.set_y_axis({"num_font": SMALL, "reverse": True})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    elif kind != "pie":
        chart.set_x_axis({"num_font": SMALL})
        chart.set_y_axis({"num_font": SMALL, "major_gridlines": {"visible": True}, "min": 0})
    sheet.insert_chart(at, 0, chart, {"description": title, "object_position": 1})
