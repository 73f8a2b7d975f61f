"""Guards every reader of foreign bytes with a short run of the mutation loop, and the loop itself."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from domain import tracks
from tests.safety.fuzz.loop import fuzz
from tests.safety.fuzz.targets import TARGETS, Target

SECONDS = 2.0
BY_NAME = {target.name: target for target in TARGETS}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_reader_of_foreign_bytes_knows_its_own_errors_only(target: Target) -> None:
    result = fuzz(target, seconds=SECONDS)
    assert result.finding is None
    assert result.count > len(target.seeds)


def test_a_reader_that_leaves_a_stripe_behind_is_found() -> None:
    with patch.object(tracks, "_zero", lambda _: None):
        result = fuzz(BY_NAME["track"], count=1000)
    assert result.finding is not None
    assert "not wiped" in result.finding.what


def test_the_same_seed_feeds_the_same_bytes() -> None:
    fed: list[list[bytes]] = [[], []]
    for run in fed:
        fuzz(Target("same", run.append, (b"abc", b"defg")), count=200)
    assert fed[0] == fed[1]
    assert len(set(fed[0])) > 100
