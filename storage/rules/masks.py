"""Masks: how much of a number or an address is shown where the act does not need all of it.

个人信息保护法 art. 6: only as much as the purpose needs. Names stay in clear.
"""

HIDDEN = "*"
COUNTRY = "+86"


def mask_phone(phone: str) -> str:
    """Show 138****5678: enough to recognise a number one knows, too little to dial it."""
    bare = phone.removeprefix(COUNTRY)
    if len(bare) < 7:
        return HIDDEN * len(bare)
    head, tail = (3, 4) if len(bare) >= 11 else (2, 2)
    return bare[:head] + HIDDEN * (len(bare) - head - tail) + bare[-tail:]


def mask_certificate(number: str) -> str:
    """Show 500***********0182**: neither birth date nor category and grade can be read off it."""
    if len(number) < 18:
        return HIDDEN * len(number)
    return number[:3] + HIDDEN * 11 + number[14:18] + HIDDEN * (len(number) - 18)


def mask_address(community: str | None, group: str | None = None) -> str:
    """Show the community and its group (组), and nothing that leads to a door."""
    return " ".join(part for part in (community, group) if part)
