"""An audience is kept as one line and read back the same."""

from hypothesis import given
from hypothesis import strategies as st

from storage.rules.audiences import Audience, ChatUse, read_audience

AUDIENCES = st.builds(
    Audience,
    roles=st.lists(st.sampled_from(["resident", "volunteer"]), unique=True).map(tuple),
    communities=st.lists(st.integers(1, 99), unique=True).map(tuple),
    chat=st.sampled_from(ChatUse).map(str),
    skills=st.lists(st.sampled_from(["haircut", "errands"]), unique=True).map(tuple),
)


@given(AUDIENCES)
def test_it_is_read_back_as_it_was_kept(audience: Audience) -> None:
    assert read_audience(str(audience)) == audience


def test_what_was_left_open_takes_no_room() -> None:
    assert str(Audience()) == "{}"
    assert read_audience("{}") == Audience()


def test_words_of_a_later_release_are_left_out() -> None:
    assert read_audience('{"roles": ["volunteer"], "stars": 5}') == Audience(roles=("volunteer",))
