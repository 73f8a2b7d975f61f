"""Every state in which a power cut could leave the journal's files, built from one recording.

strace records what a day of real payments writes, truncates, creates and syncs. A disk may have
anything of what was not synced when the power goes: all, nothing, some writes, or some sectors of
them. Each such state is opened with the product's journal: whatever was acknowledged by then must
be in it, its chain must hold, and what drives errands must agree with it.

    python -m tests.safety.crash_states [--states N] [--seed S]
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from db.journal import Journal
from domain.faults import TillError
from tests.safety import strace
from tests.safety.simulation.oracle import CHAIN_KEY
from tests.safety.simulation.run import fast_folder

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261122
SECTOR = 512
CALLS = "openat,pwrite64,fsync,fdatasync,ftruncate,unlink,write"
CALL = re.compile(r"^(\w+)\((.*)\) = (\d+)")
OPEN_STATES = {"armed", "reversal_pending", "manual", "queued"}
TRIED_FOR_CONTROL = 200

why_not = strace.why_not


@dataclass(slots=True)
class Call:
    """One thing that was done to a file, or to the folder (no name), or a word to the outside."""

    kind: str
    name: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass(slots=True)
class Recording:
    """A day's calls, and what the journal held at its end: chain values and states by entry."""

    calls: list[Call] = field(default_factory=list)
    chain: list[bytes] = field(default_factory=list)
    states: list[tuple[int | None, str]] = field(default_factory=list)


@dataclass(slots=True)
class File:
    """An inode: what is surely on disk, and what may be."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    """What the states came to."""

    states: int = 0
    cuts: int = 0
    acknowledged: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def record(seed: int, *, unsynced: bool = False) -> Recording:
    """Live the day under strace, and read back what it wrote."""
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        log, files = Path(folder, "calls"), Path(folder, "till")
        files.mkdir()
        day = [sys.executable, "-m", "tests.safety.recorded_day", str(files), str(seed)]
        watch = ["strace", "-qq", "-y", "-xx", "-s", "100000", "-e", f"trace={CALLS}"]
        command = [*watch, "-o", str(log), *day, *(["--unsynced"] if unsynced else [])]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        recording = Recording(list(_calls(log, str(files))))
        journal = Journal(files / "journal.db", CHAIN_KEY, till=1)
        rows = journal.database.conn.execute(
            "SELECT sale, json_extract(body, '$.state'), kind, chain FROM entries ORDER BY number"
        ).fetchall()
        journal.close()
    recording.chain = [row[3] for row in rows]
    recording.states = [(row[0] if row[2] == "sale" else None, row[1]) for row in rows]
    return recording


def _calls(log: Path, folder: str) -> Iterator[Call]:
    with log.open() as lines:
        for line in lines:
            match = CALL.match(line)
            call = _call(match[1], match[2], folder) if match else None
            if call is not None:
                yield call


def _call(kind: str, words: str, folder: str) -> Call | None:
    texts = [_bytes(text) for text in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', words)]
    if kind == "openat":
        path = texts[0].decode()
        is_made = path.startswith(folder + "/") and "O_CREAT" in words
        return Call("make", Path(path).name) if is_made else None
    if kind == "unlink":
        path = texts[0].decode()
        return Call("unlink", Path(path).name) if path.startswith(folder + "/") else None
    found = re.match(r"\d+<((?:\\x[0-9a-f]{2})*)>", words)
    path = _bytes(found[1]).decode() if found else ""
    if kind == "write":
        is_word = texts and texts[0].startswith(b"ACKNOWLEDGED ")
        return Call("acknowledged", offset=int(texts[0].split()[1])) if is_word else None
    if path == folder:
        return Call("sync")
    if not path.startswith(folder + "/"):
        return None
    name = Path(path).name
    if kind == "pwrite64":
        return Call("write", name, int(words.rsplit(", ", 1)[1]), texts[0])
    if kind == "ftruncate":
        return Call("truncate", name, int(words.rsplit(", ", 1)[1]))
    return Call("sync", name)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


class Disk:
    """The files as far as they are surely on disk, and what may have reached it beside."""

    def __init__(self) -> None:
        self.named: dict[str, File] = {}
        self.known: dict[str, File] = {}
        self.entries: list[tuple[str, File | None]] = []
        """What was made (its file) or unlinked (None) since the folder was synced."""
        self.acknowledged = 0

    def do(self, call: Call) -> None:
        """The running till does this; it sees `known`, the disk may still have `named`."""
        match call.kind:
            case "make" if call.name not in self.known:
                self.known[call.name] = File()
                self.entries.append((call.name, self.known[call.name]))
            case "unlink":
                self.known.pop(call.name, None)
                self.entries.append((call.name, None))
            case "sync" if not call.name:
                self.named = dict(self.known)
                self.entries.clear()
            case "sync":
                file = self.known[call.name]
                for pending in file.pending:
                    _apply(file.synced, pending)
                file.pending.clear()
            case "write" | "truncate":
                self.known[call.name].pending.append(call)
            case "acknowledged":
                self.acknowledged = call.offset

    def after_a_cut(self, dice: Random) -> dict[str, bytes]:
        """One of the states that the disk may be in, if the power goes now."""
        names = dict(self.named)
        for name, file in self.entries[: dice.randint(0, len(self.entries))]:
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file
        kept = dice.choice((0.0, 1.0, 0.1, 0.5, 0.9))
        is_torn = dice.random() < 0.5
        files = {}
        for name, file in names.items():
            content = bytearray(file.synced)
            for call in file.pending:
                _apply_some(content, call, dice, kept, is_torn=is_torn)
            files[name] = bytes(content)
        return files


def _apply(content: bytearray, call: Call) -> None:
    if call.kind == "truncate":
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
        return
    content.extend(bytes(max(0, call.offset - len(content))))
    content[call.offset : call.offset + len(call.data)] = call.data


def _apply_some(
    content: bytearray, call: Call, dice: Random, kept: float, *, is_torn: bool
) -> None:
    """A write may be there in part: a disk writes whole sectors, in any order."""
    if call.kind == "truncate" or not is_torn:
        if dice.random() < kept:
            _apply(content, call)
        return
    begin, end = call.offset, call.offset + len(call.data)
    while begin < end:
        until = min(end, (begin // SECTOR + 1) * SECTOR)
        if dice.random() < kept:
            piece = call.data[begin - call.offset : until - call.offset]
            _apply(content, Call("write", call.name, begin, piece))
        begin = until


def try_states(
    recording: Recording,
    count: int,
    seed: int,
    *,
    seconds: float = 0.0,
    stop_at_first: bool = False,
) -> Result:
    """So many states, at moments spread over the whole day; each is opened and looked through."""
    dice, result, began = Random(seed), Result(), time.perf_counter()
    moments = sorted(dice.randrange(len(recording.calls)) for _ in range(count))
    if seconds:
        # Where the time may run out, every part of the day is to be seen before that.
        dice.shuffle(moments)
        moments = sorted(moments[: int(seconds * 60)])
    disk, done = Disk(), 0
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        for moment in moments:
            for call in recording.calls[done:moment]:
                disk.do(call)
            result.cuts += moment != done
            done = moment
            wrong = _looked_at(Path(folder), disk, recording, dice)
            result.states += 1
            result.acknowledged = disk.acknowledged
            if wrong:
                result.wrong.append(f"state {result.states} at call {moment}, seed {seed}: {wrong}")
                if stop_at_first:
                    break
            if seconds and time.perf_counter() - began > seconds:
                break
    result.seconds = time.perf_counter() - began
    return result


def _looked_at(folder: Path, disk: Disk, recording: Recording, dice: Random) -> str:
    """What is wrong with one state; empty where nothing is."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in disk.after_a_cut(dice).items():
        (folder / name).write_bytes(content)
    try:
        journal = Journal(folder / "journal.db", CHAIN_KEY, till=1)
    except TillError as error:
        return f"it does not open: {error.fault.code} {error}"
    try:
        return _what_is_wrong(journal, disk.acknowledged, recording)
    finally:
        journal.close()


def _what_is_wrong(journal: Journal, acknowledged: int, recording: Recording) -> str:
    execute = journal.database.conn.execute
    head = execute("SELECT number, chain FROM entries ORDER BY number DESC LIMIT 1").fetchone()
    number, chain = head or (0, b"")
    if number < acknowledged:
        return f"{acknowledged} entries were acknowledged, {number} are there"
    if number > len(recording.chain) or (number and chain != recording.chain[number - 1]):
        return f"entry {number} is not the one that was written"
    if not journal.chain_holds():
        return "its chain does not hold"
    states = {sale: state for sale, state in recording.states[:number] if sale is not None}
    found = dict(execute("SELECT number, state FROM sales").fetchall())
    if found != states:
        return f"payments stand as {json.dumps(found)}, their entries say {json.dumps(states)}"
    sealed = {sale for (sale,) in execute("SELECT sale FROM in_doubt").fetchall()}
    doubtful = {sale for sale, state in states.items() if state in OPEN_STATES}
    return f"in doubt are {doubtful}, sealed is {sealed}" if sealed != doubtful else ""


def is_control_caught(seed: int = SEED) -> bool:
    """Whether a till that does not wait for the disk is noticed."""
    recording = record(seed, unsynced=True)
    return bool(try_states(recording, TRIED_FOR_CONTROL, seed, stop_at_first=True).wrong)


def main(words: list[str] | None = None) -> int:
    """Print what came of it; the exit status is 1 where something was lost."""
    parser = argparse.ArgumentParser(prog="crash_states", description=__doc__)
    parser.add_argument("--states", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(words)
    reason = why_not()
    if reason:
        print(f"NOT TRIED: {reason}")
        return 0
    recording = record(options.seed)
    result = try_states(recording, options.states, options.seed)
    control = "caught" if is_control_caught(options.seed) else "MISSED"
    for wrong in result.wrong[:20]:
        print(wrong)
    print(
        f"{result.states} states at {result.cuts} of {len(recording.calls)} calls,"
        f" {result.acknowledged} entries acknowledged: {len(result.wrong)} wrong, control {control};"
        f" {result.seconds:.1f} s, seed {options.seed}"
    )
    return 1 if result.wrong or control != "caught" else 0


if __name__ == "__main__":
    sys.exit(main())
