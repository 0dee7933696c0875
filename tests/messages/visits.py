"""Sample facts of visits whose lists run side by side."""

from messages.render import Fact

_MOMENT = "2026-11-25T02:00:00+00:00"
LISTS: dict[str, dict[str, Fact]] = {
    "hours": {
        "categories": ["errand", "haircut"],
        "moments": [_MOMENT, _MOMENT],
        "minutes": ["45", "600"],
        "states": ["counted", "awaiting"],
        "long_days": ["2026-11-25"],
    },
    "visit_reflections": {
        "names": ["张强", "刘建国"],
        "moments": [_MOMENT, _MOMENT],
        "lines": ["帮了忙很高兴", "以后还去"],
    },
}
