"""A receipt printer for tests: a real TCP server with paper, a cover and moods.

Its reader of byte streams knows exactly the commands that a slip may contain, and chokes on others.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field


class NotACommand(Exception):
    """The stream holds something that no slip may contain."""


@dataclass
class Paper:
    """What a printer would have printed: lines of text, and what else happened."""

    lines: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    images: list[tuple[int, int]] = field(default_factory=list)
    cuts: int = 0


CODE_PAGES = {0: "cp437", 16: "cp1252", 18: "cp852", 17: "cp866", 19: "cp858"}
FIXED = {
    b"\x1b@": 0,
    b"\x1bE": 1,
    b"\x1d!": 1,
    b"\x1ba": 1,
    b"\x1c!": 1,
    b"\x1bd": 1,
}
"""Commands without text and the number of their parameter bytes."""


def read_page(stream: bytes) -> Paper:
    """The stream, command by command. Raises NotACommand."""
    paper, line, place = Paper(), "", 0
    code_page, chinese = "cp437", False
    while place < len(stream):
        byte, two = stream[place], stream[place : place + 2]
        if byte == 0x0A:
            paper.lines.append(line)
            line, place = "", place + 1
        elif two in FIXED:
            place += 2 + FIXED[two]
        elif two == b"\x1bt":
            code_page, place = CODE_PAGES[stream[place + 2]], place + 3
        elif two in {b"\x1c&", b"\x1c."}:
            chinese, place = two == b"\x1c&", place + 2
        elif stream[place : place + 4] == b"\x1dVB\x00":
            paper.cuts, place = paper.cuts + 1, place + 4
        elif stream[place : place + 3] == b"\x1d(k":
            length = int.from_bytes(stream[place + 3 : place + 5], "little")
            content = stream[place + 5 : place + 5 + length]
            if content[:3] == b"1P0":
                paper.codes.append(content[3:].decode("ascii"))
            place += 5 + length
        elif stream[place : place + 4] == b"\x1dv0\x00":
            width, height = _size_of_picture(stream[place:])
            paper.images.append((width * 8, height))
            place += 8 + width * height
        elif chinese:
            line, place = line + two.decode("gb18030"), place + 2
        elif 0x20 <= byte != 0x7F:
            line, place = line + bytes((byte,)).decode(code_page), place + 1
        else:
            raise NotACommand(f"{byte:#04x} at {place}")
    return paper


def _size_of_picture(stream: bytes) -> tuple[int, int]:
    """Bytes in a row, and rows. A printer obeys real-time commands even inside of a picture."""
    width, height = (int.from_bytes(stream[at : at + 2], "little") for at in (4, 6))
    dots = stream[8 : 8 + width * height]
    if any(bytes((0x10, second)) in dots for second in (0x04, 0x05, 0x14)):
        raise NotACommand("a real-time command in a picture")
    return width, height


@dataclass
class Mood:
    """How the printer behaves; changed between, and by, its jobs."""

    state: int = 0x12
    why: int = 0x12
    paper: int = 0x12
    done: int = 0x00
    is_silent: bool = False
    knows_done: bool = True
    hangs_up_after: int | None = None
    chatter: bytes = b""
    paper_ends_during_page: bool = False


class TcpPrinter:
    """Listens on a free port; `jobs` holds what each connection printed."""

    def __init__(self, mood: Mood) -> None:
        self.mood = mood
        self.jobs: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Switch it off; once more does nothing."""
        if self._server.fileno() < 0:
            return
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                line.settimeout(10)
                self._converse(line)

    def _converse(self, line: socket.socket) -> None:
        page, unread = b"", b""
        mood = self.mood
        line.sendall(mood.chatter)
        while True:
            try:
                chunk = line.recv(4096)
            except OSError:
                chunk = b""
            if not chunk:
                break
            unread += chunk
            enough = mood.hangs_up_after
            if enough is not None and (enough == 0 or not unread.startswith(b"\x10\x04")):
                page = unread[:enough]
                break
            unread, printed = self._answered(line, unread)
            page += printed
        if page:
            self.jobs.append(page)

    def _answered(self, line: socket.socket, unread: bytes) -> tuple[bytes, bytes]:
        """Answer the questions at the end of what came; what stands before them is the page."""
        mood, page = self.mood, b""
        while unread:
            if unread[:2] == b"\x10\x04":
                if len(unread) < 3:
                    return unread, page
                answer = {1: mood.state, 2: mood.why, 4: mood.paper}[unread[2]]
                if not mood.is_silent:
                    line.sendall(mood.chatter + bytes((answer,)))
                unread = unread[3:]
            elif unread == b"\x1dr\x01":
                if mood.paper_ends_during_page:
                    mood.state, mood.why, mood.paper = 0x1A, 0x32, 0x72
                elif mood.knows_done and not mood.is_silent:
                    line.sendall(mood.chatter + bytes((mood.done,)))
                unread = b""
            elif unread[-3:] == b"\x1dr\x01":
                page, unread = page + unread[:-3], unread[-3:]
            else:
                return b"", page + unread
        return unread, page
