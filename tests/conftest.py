"""What every test stands on: a window that nobody sees, garbage collected on this thread only."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

MANY_OBJECTS = 10_000


@pytest.fixture(autouse=True, scope="session")
def _garbage_stays_on_this_thread() -> Iterator[None]:
    """A worker thread whose allocation triggers the collector would destroy widgets: a crash."""
    gc.disable()
    yield
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Collect between tests, on the main thread, what the collector may not collect during one."""
    if gc.get_count()[0] > MANY_OBJECTS:
        gc.collect()


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """An empty folder for everything that a till keeps."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder
