"""Guards the top of the program: a thread that fails is heard of, and a start waits for nobody long."""

from __future__ import annotations

import queue
import subprocess
import sys

import pytest

from checkout.workers import run_in_thread
from domain.faults import LinkFault
from main import soon_listening


def test_a_thread_that_ends_in_an_error_tells_its_type_and_nothing_else() -> None:
    heard: queue.Queue[str] = queue.Queue()

    def fail() -> None:
        raise ValueError("6212345678901232")

    run_in_thread(fail, "till", heard.put).join()
    assert heard.get_nowait() == "ValueError"


def test_a_thread_that_ends_well_says_nothing() -> None:
    heard: queue.Queue[str] = queue.Queue()
    run_in_thread(lambda: None, "till", heard.put).join()
    assert heard.empty()


def test_a_training_bank_that_does_not_come_up_holds_no_start_up() -> None:
    frozen = subprocess.Popen(  # it says nothing, for ever
        [sys.executable, "-c", "import sys; sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with frozen, pytest.raises(LinkFault) as late:
        soon_listening(frozen, seconds=0.2)
    assert late.value.fault.code == "C-02"
    assert frozen.returncode


def test_a_training_bank_that_ends_at_once_is_not_waited_for() -> None:
    ended = subprocess.Popen(
        [sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with ended, pytest.raises(LinkFault) as gone:
        soon_listening(ended, seconds=60.0)
    assert gone.value.fault.code == "C-02"
