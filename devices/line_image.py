"""A typeset line as a picture, for printers without Chinese characters of their own.

Each character stands in the cell that its columns give it, so that a drawn line keeps the columns
of a printed one.
"""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from domain.document import Line, width_of

DOTS_A_COLUMN = 12
"""Font A is 12 dots wide and 24 high; a Chinese character takes 24 by 24."""

CHARACTER_DOTS = 24
LEADING_DOTS = 6
BASELINE_DOTS = 1
"""The base line's distance from where the next line would begin without leading."""

BLACK, WHITE = 1, 0

FONTS = (
    ("NotoSansMonoCJKsc-Regular.otf", 0),
    ("NotoSansCJK-Regular.ttc", 7),
    ("NotoSansCJK.ttc", 7),
    ("wqy-microhei.ttc", 1),
    ("wqy-zenhei.ttc", 1),
    ("simsun.ttc", 1),
    ("msyh.ttc", 0),
    ("msjh.ttc", 0),
)
"""File, found by name in the system's font folders, and face; the first that is there.

Faces whose Latin letters are half as wide as a Chinese character come first: they fit the cells.
"""

REAL_TIME = tuple(bytes((0x10, second)) for second in (0x04, 0x05, 0x14))
"""DLE EOT, DLE ENQ, DLE DC4: printers obey these even in the middle of a picture."""


class LineImages:
    """Lines drawn with one font of this machine."""

    def __init__(self, font: str, face: int) -> None:
        """Raises OSError where the font is not there."""
        self._single = ImageFont.truetype(font, CHARACTER_DOTS, face)
        self._double = ImageFont.truetype(font, 2 * CHARACTER_DOTS, face)

    @staticmethod
    def with_chinese() -> LineImages | None:
        """With the first Chinese font of this machine; None where it has none."""
        for font, face in FONTS:
            try:
                return LineImages(font, face)
            except OSError:
                continue
        return None

    def draw(self, line: Line, columns: int) -> bytes:
        """The line as a raster image command (GS v 0)."""
        size = 1 + line.double
        font = self._double if line.double else self._single
        width, height = columns * DOTS_A_COLUMN, CHARACTER_DOTS * size + LEADING_DOTS
        image = Image.new("1", (width, height), WHITE)
        pen = ImageDraw.Draw(image)
        pen.fontmode = "1"
        left, baseline = 0, CHARACTER_DOTS * size - BASELINE_DOTS
        for character in line.text:
            cell = width_of(character) * DOTS_A_COLUMN * size
            middle = left + cell / 2
            for shift in (0, 1) if line.bold else (0,):
                pen.text((middle + shift, baseline), character, BLACK, font, anchor="ms")
            left += cell
        return _raster(image)


def _raster(image: Image.Image) -> bytes:
    width_bytes = (image.width + 7) // 8
    size = width_bytes.to_bytes(2, "little") + image.height.to_bytes(2, "little")
    return b"\x1dv0\x00" + size + _without_commands(image.tobytes())


def _without_commands(dots: bytes) -> bytes:
    """The same picture, with one more black dot wherever two bytes would be obeyed."""
    for command in REAL_TIME:
        dots = dots.replace(command, bytes((0x30, command[1])))
    return dots
