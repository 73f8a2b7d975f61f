"""Auto-lock: a till that nobody has touched for a while asks anew who stands there.

Measured with the clock that counts on while the machine sleeps; never during a payment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checkout.till import Till

MINUTE = 60.0


class Idle:
    """Since when nobody has touched the till; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._since = till.parts.clock.boottime()

    def touch(self) -> None:
        """Somebody is here."""
        self._since = self._till.parts.clock.boottime()

    def look(self) -> bool:
        """Lock the till if it has been idle for too long; whether it was."""
        till, minutes = self._till, self._till.parts.settings.lock_minutes
        if not minutes or till.counter.is_empty:
            return False
        if till.desk.is_busy:
            self.touch()
            return False
        if till.parts.clock.boottime() - self._since < minutes * MINUTE:
            return False
        till.people.approvals.forget()
        till.desk.sign_out({"idle_minutes": minutes})
        return True
