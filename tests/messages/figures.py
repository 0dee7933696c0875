"""Sample facts of the figures, whose lists run side by side."""

from messages.render import Fact

FIGURES = ("total", "closed", "under_way", "waiting")


def lists_of_figures(*, hostile: str) -> dict[str, dict[str, Fact]]:
    """Of needs, of calls, and of a week."""
    return {
        "figures_period": {
            "categories": ["跑腿代办", hostile],
            "actions": ["居家助残", "康复助残"],
            **{f"category_{one}": ["12", "hidden"] for one in FIGURES},
            **{f"action_{one}": ["hidden", "0"] for one in FIGURES},
            "unmet_places": [hostile],
            "unmet_categories": ["跑腿代办"],
            "unmet": ["7"],
            "answer": 95,
            "claim": 200,
            "done": 3000,
            "rating": "4.6",
            "share": 80,
        },
        "call_figures_period": {
            **{
                f"{one}_names": [hostile, "桂花社区"]
                for one in ("tier", "community", "place", "late")
            },
            **{f"{one}_total": ["12", "hidden"] for one in ("tier", "community", "rung", "cause")},
            **{f"{one}_on_time": ["hidden", "7"] for one in ("tier", "community")},
            "rung_names": ["结对的邻居", "值班人员"],
            "cause_names": ["没人接", "没有记下"],
            "place_homes": ["hidden", "20"],
            "place_paired": ["hidden", "8"],
            "late_places": [hostile, ""],
            "late_last": ["2026-11-01", ""],
            "late_over": ["17", "3"],
            "share": 80,
            **{f"within_{tier}": "24" for tier in "abc"},
            "others": "hidden",
            "covered": 40,
        },
        "figures_lines": {
            "areas": ["livelihood", "health"],
            "stated_by": ["12", "few"],
            "closed_by": ["few", "0"],
            "open_by": ["0", "7"],
            "claim_minutes": 95,
            "claim_minutes_before": 60,
            "rounds": ["2026年摸底", "志愿者更新"],
            "answered": ["120", "8"],
            "asked": ["300", "40"],
        },
    }
