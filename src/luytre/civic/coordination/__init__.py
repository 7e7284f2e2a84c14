"""coordination: who answers what, in how long, and who backs up whom (quy chế phối hợp), as rules in versions and on paper.

Owns: `Matrix` (`rules`), its parser (`text`), its bounds, the matrix in force at a moment (`force`), writing and approving the
next one (`approval`), its articles and paper. Never: knows an incident, nor who somebody is; incidents ask it for a line. Its
drafts and versions lie in the tables of `regulations`, under a kind of their own. Runs in: web, jobs.
Invariants:
- Which matrix is in force is a function of the moment and of the approved versions alone; before the first, the built-in one.
- Every kind of incident has exactly one line, so there is no incident that nobody answers.
- What is printed, shown and enforced is made from the same `Matrix`.
"""
