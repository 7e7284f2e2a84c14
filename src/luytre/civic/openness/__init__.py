"""openness: what everybody may read of how the cameras are used, computed from the logs; no person can be found out by it.

Owns: which counts are public (`figures`), what of small ones is told (`few`), the rows that they are computed from (`log`), the
page of a period with its files, the cache of computed pages. Never: keeps a number that the logs do not give, names a person, a
camera or a place nearer than a hamlet, writes in any other room. Runs in: web.
Invariants: design/openness.md; above all
- the page is a pure function of the logs and of what is public anyhow: rebuilt from an export it is the same;
- from everything that is published of any periods together no count of 1 to 4 can be worked out by subtraction.
"""
