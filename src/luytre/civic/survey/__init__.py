"""Survey on telephones: campaigns by hamlet, needs, entries that were filled in without a network, their photos.

Owns: campaigns, needs, entries (each applied once, conflicts kept for a person to decide), photos of what was surveyed.
Never: overwrites what somebody else changed meanwhile; keeps a photo's position or the maker of the telephone in its file.
Runs in: web.
Invariants:
- An entry has the number its telephone gave it, and is applied once, however often it is sent.
- What was changed meanwhile by somebody else is a conflict that a person decides.
"""
