"""Lists that run side by side in what is said of institutions and of services that recur."""

from messages.render import Fact


def lists_of_institutions(*, hostile: str, moment: str) -> dict[str, dict[str, Fact]]:
    """What cannot be read off these templates."""
    return {
        "org_links": {
            "others": [hostile, "桂阳卫生服务中心"],
            "kinds": ["guidance", "other"],
            "since": ["2026-11-25", "2026-11-25"],
            "notes": [hostile, ""],
        },
        "site_card": {
            "years": ["2026", "2026"],
            "quarters": ["4", "3"],
            "visits": ["2", "0"],
            "scores": ["4.6", ""],
            "answers": ["7", "0"],
            "next_on": "2026-12-01",
            "weekdays": [],
        },
        "site_overdue": {"names": [hostile, "青山康复室"], "days": ["2026-11-01", "2026-11-02"]},
        "site_notes": {"days": ["2026-11-01", "2026-11-02"], "notes": [hostile, "器材够用"]},
        "visit_log": {
            "days": ["2026-11-01"],
            "categories": ["visual"],
            "acts": ["mobility_training,eye_check"],
            "advice": [hostile],
            "next_days": ["2026-12-01"],
        },
        "series_card": {
            "days": [moment, moment],
            "helpers": [hostile, ""],
            "states": ["claimed", "open"],
            "missed": [moment],
            "reasons": ["holiday"],
            "next": moment,
        },
    }
