"""Guards the ear for swipes: what is a swipe, a scan or a person, by characters and times alone."""

from __future__ import annotations

import pytest

from ui.wedge_sense import ENTER, Held, SwipeSense

TRACK = ";6222021234567894=27122010000012300?"
TWO_TRACKS = "%B6222021234567894^LIN/MEI ^2712201?;6222021234567894=2712201?"


class Keyboard:
    """Types into a SwipeSense at chosen times, asking it about silence as a timer would.

    `reached` is what a widget would have got, `swipes` what the till would; Enter is ~.
    """

    def __init__(self) -> None:
        self.sense = SwipeSense()
        self.at = 100.0
        self.held = ""
        self.reached = ""
        self.swipes: list[bytes] = []

    def type(self, text: str, gap: float) -> Keyboard:
        for character in text:
            self.wait(gap)
            code = ENTER if character == "~" else None if character == "#" else ord(character)
            verdict = self.sense.key(code, self.at)
            self.settle(verdict.held)
            if verdict.swallow:
                self.held += character
            else:
                self.reached += character
            if not self.sense.may_be_person:
                self.held = ""
        return self

    def wait(self, seconds: float) -> Keyboard:
        self.at += seconds
        patience = self.sense.patience
        if patience is not None and seconds > patience:
            self.settle(self.sense.silence())
        return self

    def settle(self, fate: Held) -> None:
        if fate is Held.WAIT:
            return
        if fate is Held.REPLAY:
            self.reached += self.held
        elif fate is Held.SWIPE:
            self.swipes.append(bytes(self.sense.take()))
        self.held = ""


@pytest.mark.parametrize("track", [TRACK, TWO_TRACKS, "%E?;E?", "+0112345=?"])
@pytest.mark.parametrize("gap", [0.0, 0.001, 0.012, 0.09])
def test_a_swipe_goes_to_the_till_whole_and_to_no_widget(track: str, gap: float) -> None:
    keyboard = Keyboard().type(track + "~", min(gap, 2.9 / len(track))).wait(1)
    assert keyboard.swipes == [track.encode()]
    assert keyboard.reached == ""


def test_a_swipe_without_enter_ends_with_silence() -> None:
    keyboard = Keyboard().type(TRACK, 0.005).wait(0.3)
    assert keyboard.swipes == [TRACK.encode()]
    assert keyboard.reached == ""


def test_a_stutter_of_the_machine_does_not_cut_a_swipe() -> None:
    keyboard = Keyboard().type(TRACK[:20], 0.002).type(TRACK[20:] + "~", 0.07).wait(1)
    assert keyboard.swipes == [TRACK.encode()]


def test_the_line_feed_of_a_reader_that_sends_two_ends_is_swallowed() -> None:
    keyboard = Keyboard().type(TRACK + "~~", 0.002).wait(1)
    assert keyboard.swipes == [TRACK.encode()]
    assert keyboard.reached == ""


def test_an_enter_that_a_person_presses_after_a_swipe_gets_through() -> None:
    keyboard = Keyboard().type(TRACK + "~", 0.002).wait(0.8).type("~", 0.2)
    assert keyboard.reached == "~"


def test_two_swipes_in_a_row_are_two() -> None:
    keyboard = Keyboard().type(TRACK + "~", 0.002).wait(0.2).type(TRACK + "~", 0.002)
    assert keyboard.swipes == [TRACK.encode()] * 2


@pytest.mark.parametrize("typed", ["%", ";", "+", "%5", "5%", "1;", ";;"])
def test_a_person_who_types_a_sentinel_gets_it(typed: str) -> None:
    keyboard = Keyboard().type(typed, 0.15).wait(1)
    assert keyboard.reached == typed
    assert keyboard.swipes == []


def test_a_person_who_types_a_sentinel_and_enter_gets_both() -> None:
    assert Keyboard().type("%~", 0.08).wait(1).reached == "%~"


@pytest.mark.parametrize("gap", [0.012, 0.05, 0.12, 0.4])
def test_a_person_who_types_an_amount_gets_it_in_order(gap: float) -> None:
    assert Keyboard().type("128.50~", gap).wait(1).reached == "128.50~"


def test_a_key_that_types_nothing_lets_the_digits_before_it_go_first() -> None:
    assert Keyboard().type("12#", 0.01).reached == "12#"


def test_a_key_that_types_nothing_does_not_tear_a_swipe() -> None:
    keyboard = Keyboard().type(TRACK[:9] + "#" + TRACK[9:] + "~", 0.002)
    assert keyboard.swipes == [TRACK.encode()]
    assert keyboard.reached == ""


@pytest.mark.parametrize("code", ["4006381333931", "https://r.example/e/%41;b?", "012345678"])
@pytest.mark.parametrize("end", ["~", ""])
def test_a_scan_reaches_nobody(code: str, end: str) -> None:
    keyboard = Keyboard().type(code + end, 0.003).wait(1)
    assert keyboard.reached == ""
    assert keyboard.swipes == []


@pytest.mark.parametrize("gap", [0.03, 0.033, 0.04, 0.12])
def test_eight_characters_are_still_a_person(gap: float) -> None:
    """Nor is a key that is held down a scanner, where the machine does not say that it repeats."""
    assert Keyboard().type("12345678~", gap).wait(1).reached == "12345678~"
    assert Keyboard().type("55555555~", gap).wait(1).reached == "55555555~"


@pytest.mark.parametrize("gap", [0.0, 0.002, 0.01, 0.02])
def test_the_shortest_code_of_goods_and_its_enter_reach_nobody(gap: float) -> None:
    """EAN-8: eight digits, which a person could type, only not so fast."""
    keyboard = Keyboard().type("96385074~", gap).wait(1)
    assert (keyboard.reached, keyboard.swipes) == ("", [])
    assert not any(keyboard.sense._codes)


def test_a_short_code_without_enter_is_a_person() -> None:
    """A scanner that sends no Enter cannot be told from a fast hand by eight keys."""
    assert Keyboard().type("96385074", 0.01).wait(1).reached == "96385074"


def test_the_line_feed_behind_a_short_code_is_swallowed_and_the_next_enter_is_not() -> None:
    keyboard = Keyboard().type("96385074~~", 0.002).wait(0.5).type("~", 0.2)
    assert keyboard.reached == "~"


@pytest.mark.parametrize("typed", ["128~", "1234567~", "111111~"])
def test_fewer_than_eight_characters_are_a_person_however_fast(typed: str) -> None:
    assert Keyboard().type(typed, 0.001).wait(1).reached == typed


def test_after_a_scan_a_person_is_heard_again() -> None:
    assert Keyboard().type("4006381333931~", 0.003).wait(0.5).type("5", 0.2).wait(1).reached == "5"


@pytest.mark.parametrize("length", [601, 900])
def test_what_is_too_long_for_a_swipe_is_thrown_away_to_its_end(length: int) -> None:
    keyboard = Keyboard().type("%" + "A" * length + "~", 0.001).wait(1)
    assert (keyboard.swipes, keyboard.reached) == ([], "")


def test_what_is_too_slow_in_all_is_thrown_away() -> None:
    keyboard = Keyboard().type("%" + "A" * 40 + "~", 0.1).wait(1)
    assert (keyboard.swipes, keyboard.reached) == ([], "")


def test_what_is_thrown_away_is_wiped() -> None:
    sense = SwipeSense()
    buffer = sense._codes
    for place, character in enumerate("4006381333931"):
        sense.key(ord(character), 1 + place / 1000)
    assert not any(buffer)


def test_a_swipe_is_handed_out_once() -> None:
    sense = SwipeSense()
    for place, character in enumerate(TRACK):
        sense.key(ord(character), 1 + place / 1000)
    assert sense.key(ENTER, 1.1).held is Held.SWIPE
    assert sense.take() == TRACK.encode()
    assert sense.take() == b""
