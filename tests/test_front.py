"""Guards the top of the program: a till's thread that ends in an error is heard of, everywhere."""

from __future__ import annotations

import queue

from checkout.workers import run_in_thread


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
