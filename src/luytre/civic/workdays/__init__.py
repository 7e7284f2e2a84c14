"""workdays: which days the State's offices work, for every clock of the law that counts in working days.

Owns: the arithmetic of working days and the proposal for each year (`days`, no Django), what the commune wrote down of single
days (`models`, `book`). Never: runs a clock; who has one asks here once, when it begins, and keeps the moment that it got.
Runs in: web, jobs.
Invariants:
- What was written down of a day is never changed: the newest line of a day holds, the ones before stay readable (chained).
- A day of which nobody wrote anything is what the proposal says. Beyond the years of which the proposal knows Tết, only fixed
  holidays are off, so that a clock is never too long by mistake.
"""
