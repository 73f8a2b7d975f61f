"""How the terminal's master key comes into a live till: in components, typed by different people.

Nobody knows the whole key. The acquirer sends each component, on paper and apart, with a check
value that shows a typing mistake before it is too late (ISO 11568, dual control).
"""

from __future__ import annotations

from collections.abc import Callable

from domain.ciphers import TRAINING_TERMINAL_KEY, check_value

KEY_BYTES = 16
COMPONENTS = 2


class BadComponent(ValueError):
    """What was typed is no key component; the text never repeats it."""


def ask_for_terminal_key(ask: Callable[[str], str], tell: Callable[[str], None]) -> bytes:
    """The key out of its components.

    `ask` reads a line without showing it, `tell` shows a line. Raises BadComponent.
    """
    key = bytes(KEY_BYTES)
    for number in range(1, COMPONENTS + 1):
        component = _component(ask(f"Component {number} of {COMPONENTS}, 32 hex digits: "))
        tell(f"Check value of component {number}: {check_value(component).hex().upper()}")
        key = bytes(one ^ other for one, other in zip(key, component, strict=True))
    if key == TRAINING_TERMINAL_KEY or len(set(key)) == 1 or key[:8] == key[8:]:
        raise BadComponent("this key is published or too simple for a live shop")
    tell(f"Check value of the key: {check_value(key).hex().upper()}")
    return key


def _component(text: str) -> bytes:
    try:
        component = bytes.fromhex(text)
    except ValueError:
        raise BadComponent("a component is 32 hex digits") from None
    if len(component) != KEY_BYTES:
        raise BadComponent("a component is 32 hex digits")
    return component
