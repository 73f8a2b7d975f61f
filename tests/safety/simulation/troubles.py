"""What goes wrong in a simulated day beside single messages: power, line, disk, paper, clock."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from checkout.reports import Happened
from devices.interfaces import Health
from domain.sale import Answer, Approved

if TYPE_CHECKING:
    from tests.safety.simulation.day import Day

MEAN_SECONDS = 160.0
"""Between two troubles of a stormy day."""
OFTEN = 12
"""So much more often comes what a day is about."""


class Troubles:
    """The troubles of one day; `storm` is how many there are, 0 to 1."""

    def __init__(self, day: Day, dice: Random, storm: float, often: tuple[str, ...] = ()) -> None:
        self._day = day
        self._dice = dice
        self.storm = storm
        self.count = 0
        self.is_over = False
        self.unconfirmed_rate = 0.02 * storm
        self.kinds = [
            (self._power, 6),
            (self._line_cut, 3),
            (self._line_dead, 3),
            (self._commit_fails, 5),
            (self._disk_away, 1),
            (self._disk_full, 1),
            (self._printer_out, 3),
            (self._reader_out, 2),
            (self._clock_jumps, 2),
            (self._bank_restarts, 2),
            (self._reversals_refused, 2),
            (self._late_word, 2),
        ]
        self._weighed = [
            (kind, weight * (OFTEN if kind.__name__[1:] in often else 1))
            for kind, weight in self.kinds
        ]

    def begin(self) -> None:
        """From now on trouble comes."""
        self._day.disk.on_leaving = self._comes_back
        if self.storm:
            self._day.line.fault_rate = 0.22 * self.storm
            self._next()

    def end(self) -> None:
        """The line is up, the disk is well, there is paper, and the power stays."""
        day = self._day
        self.is_over = True
        self.unconfirmed_rate = day.line.fault_rate = 0.0
        day.fuse.calls_left = 0
        day.disk.is_away = day.disk.is_full = False
        day.disk.trouble = day.disk.trouble_of_a_sale = ""
        day.acquirer.reversal_trouble.clear()
        day.cashier.clumsiness = 0.0
        self._paper(Health.READY)
        if day.printer is not None:
            day.printer.fault_rate = 0.0
        if day.reader is not None:
            day.reader.plug_in()
        self._line("up")

    def hits_arming(self) -> bool:
        """Whether the disk fails at the arming of a sale already, or waits for its outcome."""
        return self._dice.random() < 0.2

    def after_a_crash(self) -> None:
        """Troubles like company: the power may fail again while the till recovers."""
        if not self.is_over and self._dice.random() < 0.25 * self.storm:
            self._day.fuse.calls_left = self._dice.randint(1, 25)

    def _next(self) -> None:
        agenda = self._day.agenda
        wait = self._dice.expovariate(self.storm / MEAN_SECONDS)
        agenda.at(agenda.now + wait, self._strike)

    def _strike(self) -> None:
        if self.is_over:
            return
        self.count += 1
        kinds, weights = zip(*self._weighed, strict=True)
        kind = self._dice.choices(kinds, weights)[0]
        self._day.agenda.trace(f"trouble: {kind.__name__}")
        kind()
        self._next()

    def _later(self, seconds: float, action: object, *values: object) -> None:
        def then() -> None:
            if not self.is_over:
                action(*values)  # type: ignore[operator]

        self._day.agenda.at(self._day.agenda.now + seconds, then)

    def _power(self) -> None:
        self._day.fuse.calls_left = self._dice.randint(1, 120)

    def _line_cut(self) -> None:
        self._line("cut")
        self._later(self._dice.uniform(5.0, 200.0), self._line, "up")

    def _line_dead(self) -> None:
        self._line("dead")
        self._later(self._dice.uniform(5.0, 120.0), self._line, "up")

    def _line(self, state: str) -> None:
        line = self._day.line
        if line.state != "up" and state == "up":
            self._day.oracle.line_up_since = self._day.agenda.now
        line.state = state

    def _commit_fails(self) -> None:
        kinds = ("lost", "unknown", "lost and away", "unknown and away")
        kind = self._dice.choices(kinds, (4, 4, 1, 1))[0]
        if self._dice.random() < 0.3:
            self._day.disk.trouble = kind
        else:
            self._day.disk.trouble_of_a_sale = kind

    def _disk_away(self) -> None:
        self._day.disk.is_away = True
        self._comes_back()

    def _comes_back(self) -> None:
        self._later(self._dice.uniform(0.5, 60.0), self._disk, "is_away")

    def _disk_full(self) -> None:
        self._day.disk.is_full = True
        self._later(self._dice.uniform(0.5, 60.0), self._disk, "is_full")

    def _disk(self, what: str) -> None:
        setattr(self._day.disk, what, False)

    def _printer_out(self) -> None:
        self._paper(self._dice.choice((Health.PAPER_OUT, Health.ABSENT)))
        self._later(self._dice.uniform(5.0, 300.0), self._paper, Health.READY)

    def _paper(self, mood: Health) -> None:
        self._day.printer_mood = mood
        if self._day.printer is not None:
            self._day.printer.mood = mood

    def _reader_out(self) -> None:
        if self._day.reader is not None:
            self._day.reader.is_unplugged = True
        self._later(self._dice.uniform(3.0, 60.0), self._plug_in)

    def _plug_in(self) -> None:
        if self._day.reader is not None:
            self._day.reader.plug_in()

    def _clock_jumps(self) -> None:
        far = self._dice.choice((1.0, 3600.0, 86_400.0, 3_650 * 86_400.0))
        self._day.jump_clock(far * self._dice.choice((-1, 1)))

    def _bank_restarts(self) -> None:
        self._day.acquirer.forget_keys()
        self._day.line.hang_up()

    def _late_word(self) -> None:
        """An answer that comes to the till after it has given the sale up changes nothing.

        It lies in wait for the next sale in doubt: by chance alone it would miss whole days of them.
        """
        self._day.oracle.at_next_doubt = self._say_it_late

    def _say_it_late(self, sale: int) -> None:
        answer = Answer("00", "000000000000", "123456")
        event = Happened(sale, Approved(answer))
        self._later(self._dice.uniform(0.05, 0.5), self._day.workshop.deliver, event)

    def _reversals_refused(self) -> None:
        count = self._dice.choice((1, 2, 2, 3))
        code = self._dice.choice(("05", "96", "91", "30", "64"))
        self._day.acquirer.reversal_trouble.extend([code] * count)
