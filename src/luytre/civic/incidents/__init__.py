"""incidents: what the commune is handling (vụ việc): from tips and officers' notes to what came of it.

Owns: incidents with their number of the year, who answers them by the coordination regulation and until when, what runs out and
is passed on, tasks beside that, people concerned, their tips, footage held for them, their links and results. Never: opens
footage, sends anything to anybody (pages, the alarm bar and ringing ask it), changes a rule. Runs in: web, jobs
(`clocks.escalate`, `people.forget_old`).
Invariants: design/incidents.md, "Incidents"; above all that an incident that is open has somebody who must act, and that what was
done to it is a row that nobody changes.
"""
