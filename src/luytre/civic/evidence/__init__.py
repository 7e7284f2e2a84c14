"""evidence: what leaves the station: requests and approvals, packages, and what becomes of them (design/custody.md).

Owns: requests for clips and the decisions on them, packages, their custody log, their making, their papers and time stamps; in
`package` what a package is, which knows no Django.
Never: opens footage or codes it by itself (`civic.ports`), lets anything out that is half hidden, changes a step, mints a token
(the web does, after it asked here). Runs in: web, jobs, CLI.

Invariants:
- Where the rules in force want approvals, no clip leaves but under a request that so many persons, none of them the one who
  asks, have agreed to; one who refuses refuses it for good. The original is reached by nobody alone, whatever the rules say.
- Cameras, span and reason of a request are never changed: who wants another clip asks again.
- What a request needed (how many, which roles) is what was in force when it was made, or what is in force now where that is
  more: a regulation that became stricter holds at once.
- Each step of custody is written before it is done; the first one, with the order, is the head of its chain in a signed
  checkpoint, and proves every row that the package carries.
- A package has its name only when it is whole and on the disk; what a killed process left half made goes first.
"""
