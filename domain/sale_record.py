"""A sale as plain JSON and back, for the journal: versioned, exact, free of secrets."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from domain.card import EntryMode, RememberedCard
from domain.kinds import Kind
from domain.money import CURRENCIES, Money
from domain.operators import Operator, Role
from domain.sale import Answer, Moment, OriginalFacts, Reason, Sale, State


def to_record(sale: Sale) -> dict[str, Any]:
    """Everything that a sale knows, as JSON values."""
    return {
        "number": sale.number,
        "amount_minor": sale.amount.minor,
        "currency": sale.amount.currency.code,
        "operator": [sale.operator.id, sale.operator.name, sale.operator.role.value],
        "started_at": sale.started_at.isoformat(),
        "state": sale.state.value,
        "card": [sale.card.masked, sale.card.scheme, sale.card.entry.value] if sale.card else None,
        "stan": sale.stan,
        "batch": sale.batch,
        "pin_entered": sale.pin_entered,
        "answer": asdict(sale.answer) if sale.answer else None,
        "fault": sale.fault,
        "reason": sale.reason.value if sale.reason else None,
        "reversal_tries": sale.reversal_tries,
        "reversal_refusals": sale.reversal_refusals,
        "finished_at": sale.finished_at.isoformat() if sale.finished_at else None,
        "history": [[moment.at.isoformat(), moment.event, moment.note] for moment in sale.history],
        "approver": sale.approver,
        "kind": sale.kind.value,
        "original": sale.original,
        "facts": asdict(sale.facts) if sale.facts else None,
        "fingerprint": sale.fingerprint,
        "given_reason": sale.given_reason,
        "tells": sale.tells,
        "to_other_card": sale.to_other_card,
    }


def from_record(record: dict[str, Any]) -> Sale:
    """The sale that `to_record` wrote. Raises KeyError, ValueError or TypeError for anything else."""
    card, answer, finished = record["card"], record["answer"], record["finished_at"]
    operator_id, name, role = record["operator"]
    return Sale(
        number=record["number"],
        amount=Money(record["amount_minor"], CURRENCIES[record["currency"]]),
        operator=Operator(operator_id, name, Role(role)),
        started_at=datetime.fromisoformat(record["started_at"]),
        state=State(record["state"]),
        card=RememberedCard(card[0], card[1], EntryMode(card[2])) if card else None,
        stan=record["stan"],
        batch=record["batch"],
        pin_entered=record["pin_entered"],
        answer=Answer(**answer) if answer else None,
        fault=record["fault"],
        reason=Reason(record["reason"]) if record["reason"] else None,
        reversal_tries=record["reversal_tries"],
        reversal_refusals=record["reversal_refusals"],
        finished_at=datetime.fromisoformat(finished) if finished else None,
        history=tuple(
            Moment(datetime.fromisoformat(at), event, note) for at, event, note in record["history"]
        ),
        approver=record.get("approver", ""),
        **_of_its_kind(record),
    )


def _of_its_kind(record: dict[str, Any]) -> dict[str, Any]:
    """What came with the kinds; a record from before them is a sale, and lacks the rest."""
    if "kind" not in record:
        return {}
    facts = record["facts"]
    return {
        "kind": Kind(record["kind"]),
        "original": record["original"],
        "facts": OriginalFacts(**facts) if facts else None,
        "fingerprint": record["fingerprint"],
        "given_reason": record["given_reason"],
        "tells": record["tells"],
        "to_other_card": record.get("to_other_card", False),
    }
