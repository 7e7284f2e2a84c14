"""blurring: regions of one camera's picture that are hidden over a span of time before a copy for watching leaves.

Owns: `Blur` (whose camera, which span, what for) and its revisions, both chained: `desk` starts, saves and answers whoever
makes a copy. Never: holds a picture, makes a copy (`civic.ports.ViewingCopier` does), decides that one may leave (`evidence`).
Runs in: web, jobs.
Invariants:
- A revision is never changed: who draws again makes the next one, over the newest that there was.
- A revision's digest is the SHA-256 of its text, so that a copy can name what was hidden in it.
- Every key lies within the blur's span, give or take `desk.BESIDE`.
- Kept as long as the chained logs are: nothing in it shows or names anybody.
"""
