"""What a till and its bank each know of one terminal once both have come to rest, and their agreement."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from acquirer.simulator_ledger import LedgerRow, read_ledger
from db.journal import Journal
from db.key_store import KeyStore
from domain.batch import Batch
from domain.entries import Slip, SlipKind
from domain.give_back import is_charge
from domain.kinds import Kind, Lane
from domain.sale import Sale, State

PAPERS_OWED = {
    "approved": 1,
    "voided": 1,
    "completed": 1,
    "declined": 1,
    "reversed": 2,
    "delivered": 2,
    "rejected": 2,
}
HOLDS = {State.APPROVED: "held", State.COMPLETED: "completed"}
"""How the bank calls a hold in either state."""


@dataclass
class Books:
    """What the till and its bank each know of one terminal, after both have come to rest."""

    sales: list[Sale]
    slips: list[Slip]
    ledger: list[LedgerRow]
    in_doubt: int
    folder: Path
    closed: Batch | None = None
    """The batch that was settled last."""
    for_upload: int = 0
    """How many messages are still sealed for the upload of a batch."""

    @property
    def approved(self) -> dict[int | None, int]:
        """Trace number to amount of all that is charged, by the journal."""
        return {s.stan: s.amount.minor for s in self.sales if is_charge(s)}

    @property
    def charged(self) -> dict[int | None, int]:
        """The same by the bank."""
        return {row.stan: row.amount_minor for row in self.ledger if row.state == "charged"}

    @property
    def holds(self) -> dict[int | None, tuple[str, int]]:
        """Trace number to state and amount of what is held, or was until it was completed."""
        return {
            s.stan: (HOLDS[s.state], s.amount.minor)
            for s in self.sales
            if s.kind is Kind.PREAUTH and s.state in HOLDS
        }

    @property
    def held(self) -> dict[int | None, tuple[str, int]]:
        """The same by the bank."""
        rows = [row for row in self.ledger if row.state in HOLDS.values()]
        return {row.stan: (row.state, row.amount_minor) for row in rows}

    @property
    def given_back(self) -> dict[int | None, tuple[str, int]]:
        """Trace number to kind and amount of all that went back, by the journal."""
        return {
            s.stan: (s.kind.value, s.amount.minor)
            for s in self.sales
            if s.row.gives_back and s.state in {State.APPROVED, State.DELIVERED}
        }

    @property
    def booked_back(self) -> dict[int | None, tuple[str, int]]:
        """The same by the bank."""
        booked = [row for row in self.ledger if row.state == "booked"]
        return {row.stan: (row.kind, row.amount_minor) for row in booked}

    def check(self, *, disk_failed: bool = False) -> None:
        """Never lost, never doubled: the same money in both books, and nothing left open.

        A till whose disk failed reverses without it, and so may owe no paper of 'pending'.
        """
        assert self.charged == self.approved
        assert self.booked_back == self.given_back
        assert self.held == self.holds
        voids = [
            s.original for s in self.sales if s.row.undoes_original and s.stan in self.given_back
        ]
        assert sorted(voids) == [s.number for s in self.sales if s.state is State.VOIDED]
        assert len({row.stan for row in self.ledger}) == len(self.ledger)
        open_states = {
            State.ARMED,
            State.WAITING,
            State.REVERSAL_PENDING,
            State.DRAFT,
            State.QUEUED,
        }
        assert not [sale for sale in self.sales if sale.state in open_states]
        stans = [sale.stan for sale in self.sales if sale.stan is not None]
        assert len(set(stans)) == len(stans)
        assert self.in_doubt == 0
        for sale in self.sales:
            owed = _papers_owed(sale)
            own = [slip for slip in self.slips if slip.sale == sale.number]
            papers = sum(slip.kind is not SlipKind.CUSTOMER for slip in own)
            assert papers == owed or (disk_failed and papers == owed - 1), sale.state
        for slip in self.slips:
            originals, copies = self.papers(slip.number)
            assert originals <= 1
            assert originals + copies >= 1, f"slip {slip.number} never came out"

    def papers(self, slip: int) -> tuple[int, int]:
        """How many papers of a slip there are: unmarked ones, and ones that say DUPLICATE."""
        pages = [
            path.read_text(encoding="utf-8")
            for path in (self.folder / "slips").glob(f"*-{slip:06}.txt")
        ]
        marked = sum("DUPLICATE" in page for page in pages)
        return len(pages) - marked, marked


def _papers_owed(sale: Sale) -> int:
    """How many papers a payment has left, but for the customer's: an enquiry leaves none."""
    if sale.row.lane is Lane.ENQUIRY:
        return 0
    was_told = sale.row.lane is Lane.ADVICE and sale.state is State.VOIDED
    return PAPERS_OWED.get(sale.state.value, 0) + was_told


def read_books(data: Path, bank: Path, terminal: str) -> Books:
    """Open the journal of a till that has closed, and the ledger of its bank."""
    journal = Journal(
        data / "journal.db", KeyStore(data, live=False).secret("journal chain"), till=1
    )
    try:
        assert journal.chain_holds()
        numbers = range(1, journal.next_sale())
        sales = [sale for number in numbers if (sale := journal.sale(number)) is not None]
        slips = [slip for number in numbers for slip in journal.slips_of(number)]
        in_doubt, for_upload = (
            journal.database.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("in_doubt", "for_upload")
        )
        closed = journal.batches.last_closed()
        slips += journal.slips_of_batch(closed.number) if closed is not None else ()
    finally:
        journal.close()
    ledger = [row for row in read_ledger(bank) if row.terminal == terminal]
    return Books(sales, slips, ledger, in_doubt, data, closed, for_upload)
