"""The bank of the measurements: the training acquirer with a stopwatch, and an echo for the floor.

A program of its own, started and steered like acquirer/simulator. One order more: {"take": true}
answers {"seconds": [...], "reversals": [...], "echo_port": ...}, the seconds that the bank itself
took for every sale and every reversal since the last time, from the whole request in hand to the
whole answer in hand.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
import threading
import time
from pathlib import Path

from acquirer.dialect import dialect_named
from acquirer.simulator import CERTIFICATE, TrainingAcquirer, _certificate, _exactly, _pin_of
from acquirer.simulator_bank import Bank, Reply
from acquirer.simulator_ledger import Ledger, locked
from domain.ciphers import TRAINING_TERMINAL_KEY
from domain.clock import SystemClock

UNIONPAY = dialect_named("unionpay")
SALE, REVERSAL = b"\x02\x00", b"\x04\x00"
LENGTH_BYTES = 2
ENVELOPE_BYTES = 11


class TimedBank(Bank):
    """Notes how long it takes to answer a sale, and a reversal."""

    seconds: dict[bytes, list[float]]

    def answer(self, payload: bytearray) -> Reply:
        kind = bytes(payload[ENVELOPE_BYTES : ENVELOPE_BYTES + 2])
        began = time.perf_counter()
        reply = super().answer(payload)
        if kind in self.seconds:
            self.seconds[kind].append(time.perf_counter() - began)
        return reply

    def taken(self) -> dict[str, list[float]]:
        """What was noted since the last time."""
        seconds, self.seconds = self.seconds, {SALE: [], REVERSAL: []}
        return {"seconds": seconds[SALE], "reversals": seconds[REVERSAL]}


def echo(listener: socket.socket, tls: ssl.SSLContext) -> None:
    """Serve one connection at a time: a request's first two bytes say how long its answer is."""
    while True:
        plain, _ = listener.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with tls.wrap_socket(plain, server_side=True) as line:
                while True:
                    size = int.from_bytes(_exactly(line, LENGTH_BYTES), "big")
                    wanted = int.from_bytes(_exactly(line, size)[:LENGTH_BYTES], "big")
                    line.sendall(wanted.to_bytes(LENGTH_BYTES, "big") + bytes(wanted))
        except OSError:
            continue


def serve(folder: Path) -> None:
    """Be the bank until standard input ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        certificate = _certificate(folder / CERTIFICATE)
        bank = TimedBank(Ledger(folder), UNIONPAY, SystemClock(), TRAINING_TERMINAL_KEY)
        bank.seconds = {SALE: [], REVERSAL: []}
        acquirer = TrainingAcquirer(bank, certificate, 0, UNIONPAY)
        acquirer.start()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=echo, args=(listener, tls), daemon=True).start()
        say({"port": acquirer.port, "pin_sha256": _pin_of(certificate)})
        for line in sys.stdin:
            order = json.loads(line)
            if order == {"take": True}:
                say({**bank.taken(), "echo_port": listener.getsockname()[1]})
            else:
                acquirer.obey(order)
                say({"ok": True})
        acquirer.stop()


def say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
