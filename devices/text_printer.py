"""The training printer: every slip becomes one text file in a folder, and trouble can be played.

A file comes whole or not at all, and a job that has been kept is not kept again; a page that
differs, such as a marked copy, goes beside it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from devices.interfaces import Health
from domain.document import Align, Document, aligned, typeset, width_of
from domain.faults import DeviceFault, SettingsFault
from domain.settings import Settings

FAULTS = {
    Health.PAPER_OUT: "L-01",
    Health.ABSENT: "L-02",
    Health.UNKNOWN: "L-03",
    Health.COVER_OPEN: "L-04",
}


class TrainingPrinter:
    """A printer that cannot be touched; training only.

    Raises SettingsFault C-01 in a live shop.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        if not settings.training:
            raise SettingsFault("C-01", "printer.kind: the training printer in a live shop")
        self.name = "training printer"
        self._columns = settings.printer.columns
        self._folder = folder
        self._health = Health.READY

    def set_health(self, health: Health) -> None:
        """Play this trouble from now on; may be called from any thread."""
        self._health = health

    def print(self, document: Document, job: int) -> None:
        """Write `slip-000012.txt`; a different page under the same job becomes `copy-000012.txt`."""
        health = self._health
        if health in FAULTS and health is not Health.UNKNOWN:
            raise DeviceFault(FAULTS[health])
        text = "".join(f"{line}\n" for line in text_lines(document, self._columns))
        try:
            _keep(self._folder, job, text)
        except OSError as error:
            raise DeviceFault("L-02", type(error).__name__) from error
        if health is Health.UNKNOWN:
            raise DeviceFault("L-03")

    def health(self) -> Health:
        """What is being played."""
        return self._health

    def close(self) -> None:
        """There is no cable."""


def _keep(folder: Path, job: int, text: str) -> None:
    original = folder / f"slip-{job:06}.txt"
    if not original.exists():
        _write(original, text)
    elif original.read_text(encoding="utf-8") != text:
        _write(folder / f"copy-{job:06}.txt", text)


def _write(path: Path, text: str) -> None:
    """All of the file or nothing, and on the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def text_lines(document: Document, columns: int) -> Iterator[str]:
    """The page as plain lines; a double line is spread out, a QR code becomes its text."""
    for line in typeset(document, columns):
        if line.qr:
            yield f"[QR {line.qr}]"
        else:
            yield (_spread(line.text, columns) if line.double else line.text).rstrip()


def _spread(text: str, columns: int) -> str:
    """A line of half as many columns over the whole width: edges stay edges, the middle stays."""
    left, _, right = text.strip().partition("  ")
    if right:
        return left + aligned(right.strip(), columns - width_of(left), Align.RIGHT)
    if not text.startswith(" "):
        return text
    return aligned(left, columns, Align.CENTRE if text.endswith(" ") else Align.RIGHT)
