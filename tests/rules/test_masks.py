"""Masks show enough to recognise, and too little to use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.masks import mask_address, mask_certificate, mask_phone


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8610012345678", "100****5678"),
        ("10012345678", "100****5678"),
        ("+8602374661234", "023****1234"),
        ("74661234", "74****34"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_phone_shows_its_ends(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_a_certificate_number_shows_neither_birth_date_nor_category_and_grade() -> None:
    number = "500299" + "19620714" + "0182" + "43"
    assert mask_certificate(number) == "500***********0182**"
    assert mask_certificate(number + "B1") == "500***********0182****"
    assert mask_certificate(number[:18]) == "500***********0182"
    assert mask_certificate("12345") == "*****"


def test_an_address_is_cut_to_community_and_group() -> None:
    assert mask_address("青山村", "3组") == "青山村 3组"
    assert mask_address("青山村") == "青山村"
    assert mask_address(None, None) == ""


@given(st.text(alphabet="0123456789", min_size=0, max_size=24))
def test_a_mask_is_as_long_as_the_number_and_hides_at_least_a_third(digits: str) -> None:
    for mask in (mask_phone, mask_certificate):
        shown = mask(digits)
        assert len(shown) == len(digits)
        assert shown.count("*") * 3 >= len(digits)
