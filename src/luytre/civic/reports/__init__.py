"""reports: what a week, month, quarter, half-year or year came to, in numbers that lead to their rows, and the paper of it.

Owns: the sections of a report and their figures, drafts with their words, issued reports (frozen, chained), charts, papers and
sheets of them. Never: changes a number by hand, changes a report that was issued, names a person, an owner or a camera's name in
what is frozen. Runs in: web, jobs (`drafts.draft_ended`).
Invariants: design/reports.md; above all
- each number is the sum of the rows that its link shows, and each share has its denominator, which is a number like it;
- what was issued stays byte by byte: a correction is another report that says which one it replaces and why.
"""
