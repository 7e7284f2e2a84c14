"""Cameras kept alive: what broke and since when, who must act, what it cost, how long each camera worked.

Owns: outages, tickets with their steps, repairs, uptime, the morning's summary, the forecast of the disk's days.
Never: shows a picture, speaks to a camera, writes what nobody saw as if it had been seen.
Runs in: jobs (each minute), web.
Invariants: seconds that nobody looked at are `unknown`; a step and a repair are rows that are never changed (design/upkeep.md).
"""
