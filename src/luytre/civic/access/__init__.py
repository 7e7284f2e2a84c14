"""access: accounts, assignments of roles, the one permission table, the logs of who looked at what and who changed which account.

Owns: `User`, invitations and links for a password (`people`), `PERMISSIONS` (route × role × scope), `record_look`, `Change`.
Never: knows cameras as more than their keys (the cameras a viewer may see are the registry's). Runs in: web, jobs, CLI.
Invariants: a route that is not in the table is refused; a `Look` is written before the token that lets somebody look,
and is never changed or removed.
"""
