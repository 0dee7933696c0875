"""Lists that run side by side in the wording of ties."""

from messages.render import Fact


def lists_of_ties(hostile: str) -> dict[str, dict[str, Fact]]:
    """Sample facts that cannot be read off the templates."""
    two: dict[str, Fact] = {"residents": [hostile, "秦"], "helpers": ["梅", hostile]}
    return {
        "tie_desk": {"kinds": ["mutual", "study"], "counts": ["2", "0"]},
        "tie_list": {
            **two,
            "acts": ["haircut,=读报", "visit"],
            "states": ["active", "proposed"],
        },
        "tie_overdue": {**two, "days": ["2026-11-25", "2026-11-01"]},
        "tie_overrides": {
            **two,
            "bars": ["full,recipient_unknown", "helper_not_mild"],
            "reasons": [hostile, ""],
            "by": ["王珊", hostile],
            "at": ["2026-11-25T02:00:00+00:00", "2026-11-01T02:00:00+00:00"],
        },
        "tie_items": {"on": ["haircut", f"={hostile}"], "off": ["massage"]},
        "ask_tie_reason": {"bars": ["full"]},
        "refusal_tie_barred": {"bars": ["full", "helper_unknown"]},
    }
