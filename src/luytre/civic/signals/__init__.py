"""signals: alarms by agreed code (báo động): which signal was sounded where and how, who answered when, what came of it.

Owns: alarms with their number of the year, who is called by one, answers, hamlets' telephone trees, the signals' table on paper.
Never: sounds anything itself, sends a message, takes a drill for real. Runs in: web,
jobs (`erasing`).
Invariants: design/signals.md; above all that what was sounded stays as the matrix had it then, and that a drill makes no incident
and rings no telephone as if it were real.
"""
