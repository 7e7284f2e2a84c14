"""tips: what residents tell (tin báo), without an account.

Owns: tips, their pictures and what was written about them, the code that follows a tip, how fast somebody may send, what officers
did and answered. Never: knows an address, a device or an account of who sent; opens footage; decides what becomes an incident.
Runs in: web, jobs (erasing).
Invariants: design/incidents.md, "Tips"; above all that no column, file or log tells who sent.
"""
