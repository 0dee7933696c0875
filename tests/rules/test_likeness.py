"""The weights of likeness: made from what is shipped, the same each time, and told in words."""

import pytest

from storage.rules.likeness import (
    Weights,
    count_known,
    features_of,
    fingerprint,
    liken,
    read_weights,
    shipped,
    telling,
    write_weights,
)


def test_the_weights_were_made_from_the_sentences_that_are_shipped() -> None:
    # Run `python -m bench.learn_needs`.
    assert shipped().made_from == fingerprint()


def test_weights_are_written_and_read_back() -> None:
    weights = Weights(
        labels=("errand", "haircut"),
        usual=(-0.5, -0.25),
        unseen=(-3.0, -2.75),
        features={"买": {0: 2.5}, "剪发": {1: 3.0}, "空": {}},
        made_from="abc",
    )
    again = read_weights(write_weights(weights))
    assert again.features == {"买": {0: 2.5}, "剪发": {1: 3.0}}
    assert (again.labels, again.usual, again.unseen) == (
        weights.labels,
        weights.usual,
        weights.unseen,
    )
    assert liken("剪发", again)["haircut"] > liken("剪发", again)["errand"]


def test_characters_pairs_and_words_are_features_and_what_says_nothing_is_not() -> None:
    assert features_of("我剪发") == {"剪", "发", "我剪", "剪发", "我剪发"}
    assert {"haircu", "cut my", "my"} <= features_of("a haircut, cut my hair")
    assert features_of("123 ！") == frozenset()


def test_a_text_without_words_is_like_nothing() -> None:
    assert liken("138") == {}
    assert count_known("138") == 0


@pytest.mark.parametrize(
    ("said", "label"), [("想理发", "haircut"), ("轮椅坏了", "assistive_device")]
)
def test_a_likeness_says_which_words_it_comes_from(said: str, label: str) -> None:
    words = telling(said, label)
    assert words
    assert all(word in said for word in words)
