"""What one answer of the bank is made of: its kind, its sentences, and what the cashier does next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.moved import Moved, Next


class Kind(StrEnum):
    """What sort of answer this is, before anybody reads its sentence."""

    APPROVED = "approved"
    DECLINED = "declined"
    CALL = "call"
    KEEP = "keep"
    TERMINAL = "terminal"
    RETRY = "retry"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class ResponseCode:
    """One answer of the bank; the texts are English messages, translated where they are shown.

    `means` says what is behind it, `remedy` what the cashier does.
    """

    code: str
    kind: Kind
    title: str
    means: str
    remedy: str
    next: Next

    @property
    def moved(self) -> Moved:
        """The money line under a final answer of this code."""
        if self.kind is Kind.APPROVED:
            return Moved.CHARGED
        if self.kind is Kind.REPEATED:
            return Moved.UNKNOWN
        return Moved.WILL_NOT if self.next is Next.AUTO else Moved.NOT_CHARGED


def table(*rows: tuple[str, Kind, str, str, str, Next]) -> dict[str, ResponseCode]:
    """Rows of a set by their code; the first part of a row names all codes that mean it."""
    return {
        code: ResponseCode(code, kind, title, means, remedy, step)
        for codes, kind, title, means, remedy, step in rows
        for code in codes.split()
    }
