"""pacts: emulation pacts (giao ước thi đua): criteria with weights, who signed, each quarter's scores, ranking, commendations.

Owns: sets of criteria in versions, pacts and their signatures, quarters with self-scores and the board's, what was frozen at each
closing, confirmed breaches as the head wrote them down, commendations. Never: changes a set on which somebody signed, ranks what
could not be measured, loses what an earlier closing said. Runs in: web.
Invariants: design/pacts.md; above all
- the weights of a set add up to 100; what cannot be measured in a quarter is left out and its weight spread over the rest;
- a closed quarter is its chained step alone; opened again by the head with a reason, the next closing is another version;
- units of the same score share a rank.
"""
