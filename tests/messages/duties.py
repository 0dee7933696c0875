"""Sample facts of the rota, the door's card and numbers to dial whose lists run side by side."""

from messages.render import Fact


def lists_of_duties(*, hostile: str) -> dict[str, dict[str, Fact]]:
    """The facts by template; ``hostile`` is what a name may hold."""
    return {
        "duty_rota": {
            "firsts": ["2026-11-23", "2026-11-30"],
            "lasts": ["2026-11-29", "2026-12-06"],
            "names": [hostile, ""],
            "days": ["2026-11-26"],
            "day_parts": ["night"],
            "day_names": [hostile],
            "holidays": ["2026-11-27"],
            "hole_firsts": ["2026-11-27", "2026-11-28"],
            "hole_lasts": ["2026-11-27", "2026-11-29"],
            "hole_parts": ["day", "all"],
        },
        "duty_week_days": {
            "first": "2026-11-23",
            "last": "2026-11-24",
            "days": ["2026-11-23", "2026-11-24"],
            "by_day": [hostile, ""],
            "by_night": [hostile, "王珊"],
            "holidays": ["2026-11-24"],
        },
        "swap_asked": {
            "other_first": "2026-12-07",
            "other_last": "2026-12-13",
            "other_part": "week",
        },
        "swap_yours": {
            "other_first": "2026-12-07",
            "other_last": "2026-12-13",
            "other_part": "week",
        },
        "swap_accepted": {
            "other_first": "2026-12-07",
            "other_last": "2026-12-07",
            "other_part": "night",
        },
        "duty_copied": {"days": ["2026-11-30"], "names": [hostile]},
        "duty_holed": {"names": [hostile], "days": ["2026-11-30"], "counts": ["7"]},
        "duty_holes": {
            "firsts": ["2026-11-30", "2026-12-08"],
            "lasts": ["2026-12-06", "2026-12-08"],
            "parts": ["all", "night"],
        },
        "duty_week_lines": {
            "days": ["2026-11-26"],
            "day_parts": ["night"],
            "day_names": [hostile],
            "hole_firsts": ["2026-11-27", "2026-11-28"],
            "hole_lasts": ["2026-11-27", "2026-11-29"],
            "hole_parts": ["day", "all"],
        },
        "numbers": {
            "keys": ["police", "mind"],
            "digits": ["110", "12356"],
            "checked": ["2026-11-23", "2026-01-02"],
            "marks": ["", "stale"],
        },
        "complaint_numbers": {"duty_keys": ["police", "women"], "duty_digits": ["110", "12338"]},
        "complaint_duty": {"duty_keys": ["police", "women"], "duty_digits": ["110", "12338"]},
        "danger_numbers": {"numbers": ["police", "medical"], "digits": ["110", "120"]},
        "door_card_lines": {"access": ["stairs", "slow"], "side": "left"},
    }
