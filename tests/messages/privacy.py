"""Lists that run side by side in what is said of consents, looks and retention."""

from messages.render import Fact


def lists_of_privacy(*, hostile: str, moment: str) -> dict[str, dict[str, Fact]]:
    """What cannot be read off these templates."""
    return {
        "retention_ask": {
            "kinds": ["need_words", "half_forms"],
            "counts": ["12", "3"],
            "days": ["180", "30"],
        },
        "privacy_looks": {
            "names": [hostile, "王珊"],
            "roles": ["", "coordinator"],
            "moments": [moment, moment],
            "purposes": ["need", "other"],
        },
        "consent_list": {
            "purposes": ["keep_data", "abroad", "publish_name", "share_contact"],
            "states": ["yes", "no", "ended", "unasked"],
            "since": [moment, "", "", ""],
            "by": [hostile, "", "", ""],
            "grounds": ["guardian", "", "", ""],
            "until": [moment, "", "", ""],
        },
    }
