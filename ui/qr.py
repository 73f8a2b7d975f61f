"""QR codes as rows of dark and light: worked out once for each text."""

from __future__ import annotations

from functools import lru_cache

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

MASK = 3
"""Any of the eight is valid; trying them all for the prettiest takes eight times as long."""


@lru_cache(maxsize=32)
def qr_modules(data: str) -> tuple[tuple[bool, ...], ...]:
    """The code without its quiet border; the longest side is what `data` needs."""
    code: QRCode[object] = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(data)
    code.make()
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())
