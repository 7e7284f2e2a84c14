"""regulations: versions of the usage regulation, the rules in force at a moment, what differs between two, and their paper.

Owns: `Rules` (`rules`), their one parser (`text`), what no regulation may give (`bounds`), `Draft` and `Version`, `in_force`, the
articles that are printed. Never: knows cameras, nor who somebody is; the registry and access ask it. Runs in: web, jobs, CLI.
Invariants:
- Which version is in force is a function of the moment and of the approved versions alone.
- An approved version is never changed nor removed; its digest is checked each time it is read.
- What is printed, shown and enforced is made from the same `Rules`.
- Nothing is approved that lies beyond `bounds`; the parser refuses what it does not know and says where.
"""
