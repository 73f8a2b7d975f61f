"""What a request says of the earlier payment that it refers to: fields 37, 38, 61 and 63."""

from __future__ import annotations

from acquirer.dialect import Dialect
from acquirer.requests import SaleRequest
from domain.kinds import OF_A_HOLD, Kind
from domain.sale import OriginalFacts

UNDATED, DATED = "original", "dated original"
BY_DAY_ALONE = frozenset({Kind.COMPLETION, Kind.COMPLETION_ADVICE})
"""Kinds that name what is held by its day and the bank's code (field 38), not by batch and trace."""
WITH_THE_DAY = BY_DAY_ALONE | {Kind.REFUND, Kind.PREAUTH_VOID}


def repeated_fields(request: SaleRequest, dialect: Dialect) -> dict[int, str]:
    """Fields 38 and 61, which a reversal repeats; a refund in another batch names the day alone."""
    facts = request.original
    if facts is None:
        return {}
    is_elsewhere = request.kind is Kind.REFUND and facts.batch != request.batch
    named = not (is_elsewhere or request.kind in BY_DAY_ALONE)
    fields = {61: _reference(facts, dialect, dated=request.kind in WITH_THE_DAY, named=named)}
    if facts.auth_code:
        fields[38] = facts.auth_code.ljust(6)[:6]
    return fields


def request_fields(request: SaleRequest, dialect: Dialect) -> dict[int, str]:
    """Fields 37 and 63, which only the request says; its reversal does not.

    A hold is named by field 38, and its 37 is not sent.
    """
    fields: dict[int, str] = {}
    facts = request.original
    if facts is not None and facts.rrn and request.kind not in OF_A_HOLD:
        fields[37] = facts.rrn.ljust(12)[:12]
    if request.kind is Kind.REFUND and dialect.remark_skips:
        fields[63] = "CUP" if request.card.remembered.scheme == "UnionPay" else "000"
    return fields


def _reference(facts: OriginalFacts, dialect: Dialect, *, dated: bool, named: bool) -> str:
    return dialect.composed(
        DATED if dated else UNDATED,
        original_batch=f"{facts.batch if named else 0:06d}",
        original_stan=f"{facts.stan if named else 0:06d}",
        original_date=facts.date,
    )
