"""ledger: money and gifts of the movement (sổ đóng góp), in double entry: what came, what went, was promised, agreed.

Owns: the chart of accounts, postings and their lines, receipts and their numbers, givers' names (sealed), pledges, hamlets'
estimates, documents' files, the trial balance, what the public may read of it (`public`). Never: changes a posting, says who did
not give, prints a name where no consent was given but on the giver's own receipt. Runs in: web, jobs (`erasing`).
Invariants: design/ledger.md; above all
- the lines of each posting, and so of all, sum to zero;
- receipts of a series and a year are numbered from 1 without a hole, also when two write at once;
- a posting is reversed at most once, by another posting; a reversal never is.
"""
