"""evidence: what leaves the station. So far: the approval that a clip waits for where the regulation in force wants one.

Owns: requests for clips and the decisions on them (two chained tables), and whether a clip may leave (`requests.approved`).
Never: opens footage, mints a token (the web does, after it asked here), decides by itself. Runs in: web.

Invariants:
- Where the rules in force want approvals, no clip leaves but under a request that so many persons, none of them the one who
  asks, have agreed to; one who refuses refuses it for good.
- Cameras, span and reason of a request are never changed: who wants another clip asks again.
- What a request needed (how many, which roles) is what was in force when it was made, or what is in force now where that is
  more: a regulation that became stricter holds at once.
"""
