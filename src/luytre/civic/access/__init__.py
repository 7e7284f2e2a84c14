"""access: accounts, roles, the one permission table, and the log of who looked at what.

Owns: `User`, `PERMISSIONS` (route × role × scope), `record_look`. Never: knows cameras as more than their keys (the
cameras a viewer may see are the registry's). Runs in: web, jobs, CLI.
Invariants: a route that is not in the table is refused; a `Look` is written before the token that lets somebody look,
and is never changed or removed.
"""
