"""The text of a magnetic stripe into a card (ISO/IEC 7813), without ever making it a str."""

from __future__ import annotations

from domain.card import BadCard, Card, EntryMode, Hidden, Pan

MAX_STRIPE = 79 + 40 + 107
"""Characters of three full tracks, sentinels included."""


def read_stripe(stripe: bytearray) -> Card:
    """A card out of what a reader sent: any of tracks 1 to 3 with sentinels, LRC optional.

    Takes the buffer over and wipes it, whatever happens. Track 2 is asked for first; a stripe
    with track 1 alone is read from there. Raises BadCard: 'nothing' (no track), 'unreadable' (the
    reader sent its error mark, or a track is cut), 'lrc', 'expiry', or what Pan says.
    """
    try:
        tracks = _split(stripe)
        try:
            return _card_of(tracks)
        finally:
            for track in tracks.values():
                _zero(track)
    finally:
        _zero(stripe)


def _split(stripe: bytearray) -> dict[int, bytearray]:
    """Track number to its characters between the sentinels."""
    if len(stripe) > MAX_STRIPE + 8:
        raise BadCard("length")
    tracks: dict[int, bytearray] = {}
    place = 0
    while place < len(stripe):
        number = _track_begun_by(stripe[place], tracks)
        if number is None:
            if stripe[place] in b"\r\n\x00":
                place += 1
                continue
            raise BadCard("unreadable")
        end = stripe.find(b"?", place)
        if end < 0:
            raise BadCard("unreadable")
        start, place = place, _after_lrc(stripe, place, end, number)
        tracks[number] = stripe[start + 1 : end]
    if not tracks:
        raise BadCard("nothing")
    return tracks


def _track_begun_by(character: int, seen: dict[int, bytearray]) -> int | None:
    if character == 0x25:  # %
        return 1
    if character == 0x3B:  # ; begins track 2, and on ISO readers track 3 as well
        return 3 if 2 in seen else 2
    if character == 0x2B:  # + is what MagTek readers send before track 3
        return 3
    return None


def _after_lrc(stripe: bytearray, start: int, end: int, number: int) -> int:
    """The place behind the track; checks the LRC where the reader sent one (ISO 7811-6, 9.4)."""
    after = end + 1
    if not _is_lrc(stripe, after):
        return after
    base, bits = (0x20, 0x3F) if number == 1 else (0x30, 0x0F)
    lrc = 0
    for character in stripe[start : end + 1]:
        lrc ^= (character - base) & bits
    if stripe[after] != lrc + base:
        raise BadCard("lrc")
    return after + 1


def _is_lrc(stripe: bytearray, place: int) -> bool:
    """Whether an LRC stands here; one that looks like a sentinel is followed by another or none."""
    if bytes(stripe[place : place + 1]) in {b"", b"\r", b"\n", b"\x00"}:
        return False
    if stripe[place] not in b"%;+":
        return True
    return bytes(stripe[place + 1 : place + 2]) in {b"", b"\r", b"\n", b"%", b";", b"+"}


def _card_of(tracks: dict[int, bytearray]) -> Card:
    if any(track == b"E" for number, track in tracks.items() if number != 3):
        raise BadCard("unreadable")
    track2 = tracks.get(2)
    if track2 is None:
        if 1 not in tracks:
            raise BadCard("nothing")
        return _from_track1(tracks[1], tracks.get(3))
    return _from_track2(track2, tracks.get(3))


def _from_track2(track: bytearray, track3: bytearray | None) -> Card:
    if not all(0x30 <= character <= 0x3F for character in track):
        raise BadCard("unreadable")
    number_end = track.find(b"=")
    if number_end < 0:
        raise BadCard("unreadable")
    pan = Pan(track[:number_end])
    expiry, service_code = _dates(track, number_end + 1)
    return Card(
        pan,
        EntryMode.SWIPE,
        expiry,
        service_code,
        Hidden(bytearray(track)),
        Hidden(bytearray(track3)) if track3 else None,
    )


def _from_track1(track: bytearray, track3: bytearray | None) -> Card:
    name_start = track.find(b"^")
    name_end = track.find(b"^", name_start + 1)
    if track[:1] != b"B" or name_start < 0 or name_end < 0:
        raise BadCard("unreadable")
    pan = Pan(track[1:name_start])
    expiry, service_code = _dates(track, name_end + 1)
    return Card(
        pan,
        EntryMode.SWIPE,
        expiry,
        service_code,
        None,
        Hidden(bytearray(track3)) if track3 else None,
    )


def _dates(track: bytearray, place: int) -> tuple[str, str]:
    """Expiry YYMM and service code, each of which a card may leave out with one separator."""
    separators = b"^="
    if place < len(track) and track[place] in separators:
        raise BadCard("expiry")
    expiry = bytes(track[place : place + 4])
    if len(expiry) != 4 or not expiry.isdigit() or not 1 <= int(expiry[2:]) <= 12:
        raise BadCard("expiry")
    place += 4
    if place < len(track) and track[place] in separators:
        return expiry.decode(), ""
    service_code = bytes(track[place : place + 3])
    if len(service_code) != 3 or not service_code.isdigit():
        raise BadCard("unreadable")
    return expiry.decode(), service_code.decode()


def _zero(buffer: bytearray) -> None:
    for index in range(len(buffer)):
        buffer[index] = 0
