"""Guards the slips: the sale stands without a printer, and every slip comes out exactly once."""

from __future__ import annotations

import pytest

from checkout import commands
from checkout.notices import RecoveryTold, RefusalTold, SaleShown, StripShown
from devices.interfaces import Health
from domain.entries import SlipState
from domain.sale import State
from domain.settings import PrinterSettings

TROUBLES = """
paper out   L-01
absent      L-02
cover open  L-04
"""


def states(stage, sale: int = 1) -> list[tuple[str, str]]:
    return [(slip.kind.value, slip.state.value) for slip in stage.journal.slips_of(sale)]


@pytest.mark.parametrize("line", TROUBLES.strip().splitlines())
def test_the_sale_stands_and_its_slip_is_owed_until_the_printer_is_well(stage, line: str) -> None:
    health, fault = line.rsplit(maxsplit=1)
    stage.printer.set_health(Health(health.strip()))
    sale = stage.sell(128_00)

    assert sale.state is State.APPROVED
    assert [(slip.state, slip.fault) for slip in stage.shown.slips] == [("owed", fault)]
    assert stage.told(StripShown)[-1].owed == 1
    assert stage.told(StripShown)[-1].printer == health.strip()
    stage.wait(60)
    assert stage.papers() == []
    stage.printer.set_health(Health.READY)
    stage.wait(5)

    assert stage.papers() == ["slip-000001.txt"]
    assert "DUPLICATE" not in stage.paper("slip-000001.txt")
    assert [(slip.state, slip.fault) for slip in stage.shown.slips] == [("printed", "")]
    assert stage.told(StripShown)[-1].owed == 0
    stage.wait(3600)
    assert stage.timeline.count("paper 1") == 1
    stage.check_books()


def test_slips_of_many_sales_come_out_in_their_order_when_the_printer_is_back(stage) -> None:
    stage.printer.set_health(Health.ABSENT)
    for amount in (1_00, 2_00, 3_00):
        assert stage.sell(amount).state is State.APPROVED
        stage.send(commands.LeaveSale())
    assert stage.told(StripShown)[-1].owed == 3
    stage.printer.set_health(Health.READY)
    stage.wait(5)

    assert [what for what in stage.timeline if what.startswith("paper")] == [
        "paper 1",
        "paper 2",
        "paper 3",
    ]


def test_a_slip_that_may_have_come_out_is_not_printed_again_by_itself(stage) -> None:
    stage.printer.set_health(Health.UNKNOWN)
    stage.sell(128_00)

    assert [(slip.state, slip.fault) for slip in stage.shown.slips] == [("printed", "L-03")]
    stage.printer.set_health(Health.READY)
    stage.wait(60)
    assert stage.papers() == ["slip-000001.txt"]
    stage.send(commands.ReprintLast())
    assert "DUPLICATE" in stage.paper("slip-000002.txt")


def test_the_slip_is_on_disk_as_printing_before_the_printer_hears_of_it(stage) -> None:
    stage.at_printer.is_held = True
    stage.sell(128_00)
    assert stage.journal.slips_of(1)[0].state is SlipState.PRINTING
    stage.at_printer.is_held = False
    stage.settle()
    assert stage.journal.slips_of(1)[0].state is SlipState.PRINTED


def test_a_customer_copy_is_an_original_once_and_then_a_copy(stage) -> None:
    stage.sell(128_00)
    stage.send(commands.PrintCustomerCopy())
    stage.send(commands.PrintCustomerCopy())

    assert states(stage) == [("merchant", "printed")] + [("customer", "printed")] * 2
    assert "DUPLICATE" not in stage.paper("slip-000002.txt")
    assert "CUSTOMER COPY" in stage.paper("slip-000002.txt")
    assert "622576" not in stage.paper("slip-000002.txt")
    assert "DUPLICATE" in stage.paper("slip-000003.txt")


def test_a_double_tap_for_paper_that_is_not_out_yet_owes_no_second_one(stage) -> None:
    stage.sell(128_00)
    stage.printer.set_health(Health.PAPER_OUT)
    stage.send(commands.PrintCustomerCopy(), commands.PrintCustomerCopy())
    assert states(stage) == [("merchant", "printed"), ("customer", "owed")]
    assert [refusal.command for refusal in stage.told(RefusalTold)] == ["PrintCustomerCopy"]
    stage.printer.set_health(Health.READY)
    stage.wait(5)
    assert stage.papers() == ["slip-000001.txt", "slip-000002.txt"]


def test_a_reprint_is_marked_and_its_order_is_in_the_journal(stage) -> None:
    stage.sell(128_00)
    stage.send(commands.LeaveSale(), commands.ReprintLast())

    assert "DUPLICATE" not in stage.paper("slip-000001.txt")
    assert "DUPLICATE" in stage.paper("slip-000002.txt")
    asked = [
        (operator, sale, body)
        for _, kind, operator, sale, body in stage.journal.entries()
        if kind == "slip" and body.get("asked")
    ]
    assert asked == [("01", 1, {"kind": "merchant", "asked": True})]


def test_where_nothing_was_printed_there_is_nothing_to_reprint(stage) -> None:
    stage.send(commands.ReprintLast())
    assert stage.told(RefusalTold)[-1] == RefusalTold("ReprintLast", "")
    stage.send(commands.StartSale(1_00), commands.PrintCustomerCopy())
    assert stage.told(RefusalTold)[-1] == RefusalTold("PrintCustomerCopy", "")


def test_the_customer_gets_paper_always_where_the_shop_wants_it_so(make_stage) -> None:
    stage = make_stage(customer_slip="always").open()
    stage.sell(128_00)
    assert states(stage) == [("merchant", "printed"), ("customer", "printed")]


def test_a_slip_that_was_owed_at_the_power_cut_comes_out_once_unmarked(stage) -> None:
    stage.printer.set_health(Health.PAPER_OUT)
    stage.sell(128_00)
    stage.restart()

    assert stage.told(RecoveryTold)[0].last_approved.number == 1
    assert stage.papers() == ["slip-000001.txt"]
    assert "DUPLICATE" not in stage.paper("slip-000001.txt")


def test_a_slip_that_was_printing_at_the_power_cut_comes_out_marked(stage) -> None:
    stage.at_printer.is_held = True
    stage.sell(128_00)
    stage.restart()

    assert stage.papers() == ["slip-000001.txt"]
    assert "DUPLICATE" in stage.paper("slip-000001.txt")
    assert stage.told(RecoveryTold)[0].last_approved.number == 1
    stage.restart()
    assert stage.papers() == ["slip-000001.txt"]
    assert stage.told(RecoveryTold) == []


def test_the_paper_of_a_recovered_sale_is_an_original_though_the_printer_failed_first(
    stage,
) -> None:
    stage.ask_for(128_00)
    stage.bank.line = "dead"
    stage.acquirer.is_held = True
    stage.type_pin()
    stage.restart()
    first = stage.journal.slips_of(1)[0]
    assert first.state is SlipState.PRINTED
    assert "DUPLICATE" not in stage.paper("slip-000001.txt")


def test_a_printer_that_fails_during_the_recovery_prints_an_original_later(make_stage) -> None:
    stage = make_stage().open()
    stage.ask_for(128_00)
    stage.acquirer.is_held = True
    stage.type_pin()
    stage.bank.line = "dead"
    stage.restart(printer=Health.COVER_OPEN)
    assert states(stage) == [("reversal pending", "owed")]
    stage.printer.set_health(Health.READY)
    stage.wait(5)

    assert "DUPLICATE" not in stage.paper("slip-000001.txt")


def test_a_printer_worker_that_dies_leaves_a_slip_of_which_nobody_knows(stage) -> None:
    stage.printer._folder = None
    stage.sell(128_00)

    assert [(slip.state, slip.fault) for slip in stage.shown.slips] == [("printed", "L-03")]
    assert stage.shown.sale.state is State.APPROVED


def test_where_the_disk_fills_up_the_slip_is_tried_again(stage) -> None:
    stage.printer.set_health(Health.PAPER_OUT)
    stage.sell(128_00)
    stage.printer.set_health(Health.READY)
    stage.fill_disk("entries")
    stage.wait(5)
    assert stage.papers() == []
    stage.free_disk()
    stage.wait(5)

    assert stage.papers() == ["slip-000001.txt"]
    assert "DUPLICATE" not in stage.paper("slip-000001.txt")
    assert states(stage) == [("merchant", "printed")]


def test_a_till_without_a_printer_sells(make_stage) -> None:
    stage = make_stage(printer=PrinterSettings(kind="none")).open()
    assert stage.sell(128_00).state is State.APPROVED
    assert stage.papers() == []


def test_one_payment_s_papers_come_out_again_marked_and_journaled(stage) -> None:
    stage.sell(128_00)
    stage.send(commands.LeaveSale())
    stage.sell(5_00)
    stage.send(commands.LeaveSale(), commands.ShowSales(), commands.ShowSale(1))
    stage.send(commands.PrintAgain(1, for_customer=True))
    assert states(stage)[-1] == ("customer", "printed")
    assert "DUPLICATE" not in stage.paper(stage.papers()[-1])
    stage.send(commands.PrintAgain(1, for_customer=True))
    assert stage.paper(stage.papers()[-1]).count("DUPLICATE") == 1
    stage.send(commands.PrintAgain(1, for_customer=False))
    assert stage.paper(stage.papers()[-1]).count("DUPLICATE") == 1
    stage.send(commands.PrintAgain(1, for_customer=False))
    assert stage.paper(stage.papers()[-1]).count("DUPLICATE") == 1
    assert "128.00" in stage.paper(stage.papers()[-1])
    asked = "SELECT sale FROM entries WHERE kind = 'slip' AND body LIKE '%asked%'"
    assert [sale for (sale,) in stage.journal.database.conn.execute(asked)] == [1, 1, 1, 1]
    assert len(stage.told(SaleShown)[-1].slips) == 5
    stage.check_books()


def test_a_paper_that_is_not_out_yet_is_not_owed_twice(stage) -> None:
    stage.sell(128_00)
    stage.send(commands.LeaveSale(), commands.ShowSales())
    stage.printer.set_health(Health.PAPER_OUT)
    for _ in range(3):
        stage.send(commands.PrintAgain(1, for_customer=True))
    assert states(stage).count(("customer", "owed")) == 1


@pytest.mark.parametrize("number", [1, 99])
def test_what_has_no_such_paper_cannot_be_printed_again(stage, number: int) -> None:
    stage.ask_for(128_00)
    stage.type_pin("654321")
    stage.send(commands.LeaveSale(), commands.ShowSales())
    stage.send(commands.PrintAgain(number, for_customer=False))
    assert stage.told(RefusalTold)[-1] == RefusalTold("PrintAgain", "")


def test_nothing_is_printed_again_over_a_payment_on_the_screen(stage) -> None:
    stage.sell(128_00)
    stage.send(commands.LeaveSale())
    stage.ask_for(5_00)
    stage.send(commands.PrintAgain(1, for_customer=True))
    assert stage.told(RefusalTold)[-1] == RefusalTold("PrintAgain", "")
