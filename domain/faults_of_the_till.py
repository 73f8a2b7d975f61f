"""The faults of this till itself: devices, journal, disk, set-up and the people at it.

One row for each code; domain/faults puts all of them into the catalogue. R-03, R-04, P-02 and D-01
are kept for chip readers, PIN pads and drawers, which this till does not drive yet.
"""

from __future__ import annotations

from domain.fault import Call, Fault
from domain.moved import Moved, Next
from domain.words import N_

FAULTS = (
    Fault(
        "R-01",
        N_("Card reader not found"),
        N_("Check the reader's cable and power, then press Try again."),
        Moved.NONE,
        Next.YES,
        means=N_("The card reader does not answer: it is unplugged, off, or on another port."),
        call=Call.SUPPORT,
    ),
    Fault(
        "R-02",
        N_("Card could not be read"),
        N_("Wipe the card and swipe it again, in one steady move."),
        Moved.NONE,
        Next.YES,
        means=N_(
            "What was read is not a whole card: the stripe is dirty or worn, or was moved too fast."
        ),
    ),
    Fault(
        "R-05",
        N_("Card expired"),
        N_("Ask for another card."),
        Moved.NONE,
        Next.OTHER,
        means=N_("The date on the card is over."),
    ),
    Fault(
        "R-06",
        N_("Card has a chip"),
        N_(
            "This till reads stripes. Ask the bank whether the stripe may be used, or ask"
            " for another way to pay."
        ),
        Moved.NONE,
        Next.OTHER,
        means=N_("Its stripe says that this card is to be read by its chip."),
    ),
    Fault(
        "R-07",
        N_("Not the card that paid"),
        N_("Money goes back to the card that paid only. Ask for that card."),
        Moved.NONE,
        Next.OTHER,
        means=N_("This is another card than the one that the sale was paid with."),
        call=Call.MANAGER,
    ),
    Fault(
        "R-08",
        N_("This is the card that paid"),
        N_("Cancel, and give the money back to it in the usual way."),
        Moved.NONE,
        Next.NO,
        means=N_(
            "A refund to another card was begun, and the card of the sale was shown after all."
        ),
    ),
    Fault(
        "P-01",
        N_("No answer on the PIN pad"),
        N_("Nobody typed a PIN in {s} s. Start again when the customer is ready."),
        Moved.NONE,
        Next.YES,
        means=N_("No PIN came from the PIN pad in time, or it was cancelled there."),
    ),
    Fault(
        "P-03",
        N_("PIN pad not found"),
        N_("Check the PIN pad's cable and power, then press Try again."),
        Moved.NONE,
        Next.YES,
        means=N_("The PIN pad does not answer: it is unplugged or off."),
        call=Call.SUPPORT,
    ),
    Fault(
        "L-01",
        N_("Printer out of paper"),
        N_("The payment is complete. Load paper, then press Reprint."),
        Moved.CHARGED,
        Next.NO,
        means=N_("The printer has no paper. Its slips wait, and come out once it has some."),
    ),
    Fault(
        "L-02",
        N_("Printer not found"),
        N_("The payment is complete. Offer the e-receipt, then check the cable."),
        Moved.CHARGED,
        Next.NO,
        means=N_("The printer does not answer. Its slips wait, and come out once it does."),
        call=Call.SUPPORT,
    ),
    Fault(
        "L-03",
        N_("Printer did not confirm"),
        N_("Look whether the slip came out. If not, press Reprint."),
        Moved.CHARGED,
        Next.NO,
        means=N_("The slip was sent, and the printer did not say that it came out."),
    ),
    Fault(
        "L-04",
        N_("Printer cover open"),
        N_("The payment is complete. Close the cover, then press Reprint."),
        Moved.CHARGED,
        Next.NO,
        means=N_("The printer's cover is open. Its slips wait, and come out once it is closed."),
    ),
    Fault(
        "J-01",
        N_("The journal cannot be written"),
        N_(
            "Nothing was sent to the bank. Free some disk space or call support, then"
            " press Try again."
        ),
        Moved.NONE,
        Next.YES,
        means=N_("The till could not write down what it is about to do, and so does not do it."),
        call=Call.SUPPORT,
    ),
    Fault(
        "J-02",
        N_("The journal failed its check"),
        N_("Do not sell on this till. Call support; nothing has been changed."),
        Moved.UNKNOWN,
        Next.NO,
        means=N_("The record of past payments is damaged, or somebody has changed it."),
        call=Call.SUPPORT,
    ),
    Fault(
        "J-03",
        N_("This till is open already"),
        N_("Use the window that is open."),
        Moved.NONE,
        Next.NO,
        means=N_("Tillwright runs on this computer already, with the same journal."),
    ),
    Fault(
        "J-04",
        N_("SQLite is too old"),
        N_("This version can damage the journal. Install Tillwright from its package again."),
        Moved.NONE,
        Next.NO,
        means=N_("A part that comes with Tillwright has been replaced by an older one."),
        call=Call.SUPPORT,
    ),
    Fault(
        "S-01",
        N_("Disk almost full"),
        N_("Less than 500 MB left. Free some disk space or call support."),
        Moved.NONE,
        Next.NO,
        means=N_(
            "Each payment is written to the disk before it is sent. A full disk would stop"
            " the till."
        ),
        call=Call.SUPPORT,
    ),
    Fault(
        "C-01",
        N_("Set-up file not valid"),
        N_("Correct the line that is named, then start again."),
        Moved.NONE,
        Next.NO,
        means=N_("The set-up file holds something that this till does not understand."),
        call=Call.SUPPORT,
    ),
    Fault(
        "C-02",
        N_("Training bank did not start"),
        N_("Start Tillwright again. If it stays, restart this computer."),
        Moved.NONE,
        Next.NO,
        means=N_("Training needs a bank of its own on this computer, and it did not come up."),
        call=Call.SUPPORT,
    ),
    Fault(
        "X-01",
        N_("A part of the till stopped"),
        N_("Restart Tillwright. A payment that was running is settled at the start."),
        Moved.UNKNOWN,
        Next.NO,
        means=N_(
            "Something happened that was not foreseen. The rest of the till goes on where it can."
        ),
        call=Call.SUPPORT,
    ),
    Fault(
        "A-01",
        N_("Wrong PIN"),
        N_("Type the PIN again, slowly."),
        Moved.NONE,
        Next.NO,
        means=N_("The PIN of the person who signs on was not right."),
        call=Call.MANAGER,
    ),
    Fault(
        "A-02",
        N_("This name is locked"),
        N_("Ask a manager to unlock it, or wait."),
        Moved.NONE,
        Next.NO,
        means=N_("A wrong PIN was typed too often for this name."),
        call=Call.MANAGER,
    ),
    Fault(
        "A-03",
        N_("Not allowed for this role"),
        N_("Ask a supervisor or a manager."),
        Moved.NONE,
        Next.NO,
        means=N_("Whoever is signed on may not do this."),
        call=Call.MANAGER,
    ),
)
