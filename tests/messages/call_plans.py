"""Sample facts of the lists of call plans, whose columns belong together."""

from messages.render import Fact


def lists_of_calls(*, hostile: str, moment: str) -> dict[str, dict[str, Fact]]:
    """Plans of each interval, way and tier."""
    plans: dict[str, Fact] = {
        "residents": [hostile, hostile, hostile, hostile],
        "callers": [hostile, hostile, hostile, hostile],
        "tiers": ["a", "b", "c", "c"],
        "raised_until": ["2026-12-25", "", "", ""],
        "channels": ["phone", "visit", "text", "video"],
        "everys": ["week", "fortnight", "month", "quarter"],
        "days": ["0123456", "3", "0123456", "0"],
        "monthdays": ["", "", "31", ""],
        "nths": ["", "", "", "5"],
        "times": ["09:00", "09:00–10:30", "10:00", "15:00"],
        "lacking": ["", "not_asked", "asked", "withdrawn"],
    }
    return {
        "extra_list": {
            "kinds": ["heat", "spring_festival"],
            "tiers": ["a", "abc"],
            "places": ["", hostile],
            "days": [moment, moment],
        },
        "plan_own": {"skips": [moment, moment]},
        "plan_list": plans,
        "duplicate_plans": plans,
    }
