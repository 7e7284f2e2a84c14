"""Lũy Tre: a Vietnamese commune keeps order together with its people, through cameras.

Two planes that do not need each other to stand: `media` (the recorder, asyncio, no Django) and `civic` (Django).
`design/house.md` has the plan of the rooms and the direction in which they may import.
"""

__version__ = "0.1.0"
