"""committee: the Steering Committee (Ban chỉ đạo): who is in it, its documents, its tasks and dates, its meetings, the launch.

Owns: members by day, the register of documents and their files, tasks and their steps, meetings with agenda, minutes and
resolutions, the launch conference's checklist. Never: changes minutes that were closed, gives something new to who left, keeps a
copy of a regulation. Runs in: web, jobs (`erasing`).
Invariants: design/committee.md; above all
- minutes are frozen, whole, in a chained step when chair and secretary have signed; what is wrong is corrected by another step;
- a resolution becomes a task once, and a task has exactly one who does it;
- where a task stands is in its row for lists, its steps are chained and written in the same transaction.
"""
