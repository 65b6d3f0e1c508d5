"""What may become of a reservation: a pure machine.

::

    held ──send──→ asked ──confirm──→ confirmed ──prepare──→ ready ──collect──→ collected
      │ expire       │ refuse, expire     │ collect            │
      └──────────────┴──── cancel ────────┴──── cancel, miss ──┘
"""

from __future__ import annotations

from typing import Literal, get_args

State = Literal[
    "held", "asked", "confirmed", "ready",
    "collected", "expired", "refused", "cancelled", "no_show",
]  # fmt: skip
Act = Literal["send", "confirm", "refuse", "prepare", "collect", "cancel", "expire", "miss"]

STATES: tuple[State, ...] = get_args(State)
LIVE: tuple[State, ...] = ("held", "asked", "confirmed", "ready")
"""States in which pieces and a place in a slot are promised."""
IN_SLOT: tuple[State, ...] = (*LIVE, "collected", "no_show")
"""States that fill a slot: whoever came has taken a place, and whoever did not come had it."""

MOVES: dict[Act, dict[State, State]] = {
    "send": {"held": "asked"},
    "confirm": {"asked": "confirmed"},
    "refuse": {"asked": "refused"},
    "prepare": {"confirmed": "ready"},
    "collect": {"confirmed": "collected", "ready": "collected"},
    "cancel": dict.fromkeys(LIVE, "cancelled"),
    "expire": {"held": "expired", "asked": "expired"},
    "miss": {"confirmed": "no_show", "ready": "no_show"},
}
SHOP_ACTS: tuple[Act, ...] = ("confirm", "refuse", "prepare", "collect", "cancel", "miss")
LAPSE: dict[State, Act] = {
    "held": "expire", "asked": "expire", "confirmed": "miss", "ready": "miss",
}  # fmt: skip
"""What happens in each state when its time is over."""


def after(state: State, act: Act) -> State | None:
    """Give the state that an act leads to; ``None`` where it cannot be done.

    >>> after("asked", "confirm"), after("collected", "collect")
    ('confirmed', None)
    """
    return MOVES[act].get(state)


def effect(before: State | None, to: State) -> tuple[int, int]:
    """Give what a change of state does to pieces: promised and present, for each of a line.

    ``None`` is the state of what is not there yet.
    """
    promised = (to in LIVE) - (before in LIVE)
    present = (before == "collected") - (to == "collected")
    return promised, present
