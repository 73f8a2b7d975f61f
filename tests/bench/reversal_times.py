"""Times reversals of a real till, from the answer given up to the bank's word, and prints JSON.

A program of its own: reversal_times.py FOLDER REVERSALS. The bank books each sale and drops the
line. What counts is all that the till does from then on: the commit that holds the sale for
reversed, a new TLS connection, the message, its answer, the commit that ends the sale, the notice.
"""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import replace
from pathlib import Path

from cashier import Cashier
from sale_times import taken

from acquirer.training import start_training_acquirer
from domain.sale import State
from domain.settings import TRAINING

BOOKED_THEN_DROPPED = 1_75
ANSWER_SECONDS = 0.2
WARM_UP = 2


def measure(folder: Path, reversals: int) -> dict[str, list[float]]:
    """Milliseconds of every reversal, and what the bank itself took of it."""
    sys.setswitchinterval(0.0005)
    gc.disable()
    bank = start_training_acquirer(
        [sys.executable, str(Path(__file__).with_name("bank.py"))], folder / "bank"
    )
    profile = replace(bank.profile(TRAINING.acquirer), answer_seconds=ANSWER_SECONDS)
    cashier = Cashier(folder / "till", profile)
    cashier.open()
    times = []
    for _ in range(WARM_UP + reversals):
        sale = cashier.take_sale(amount_minor=BOOKED_THEN_DROPPED, ends=State.REVERSED)
        times.append((sale.shown - cashier.link.gave_up_at) * 1000)
        gc.collect(0)
    banks = [seconds * 1000 for seconds in taken(bank)["reversals"]]
    cashier.close()
    bank.close()
    return {"reversed": times[WARM_UP:], "bank": banks[WARM_UP:]}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
