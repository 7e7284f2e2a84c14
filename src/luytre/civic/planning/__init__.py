"""Where the next eyes go, and how well the present ones see: problems, proven answers, plans in versions, their documents.

Owns: `problem` and `answer` (values), `optimum` (the exact model on HiGHS), `greedy`, `proof` (counts again what an answer says),
`plan_file` (PLAN.geojson, for the command line), `today` (coverage by what works), plans and versions, .docx and PDF.
Never: changes an eye or a place; runs a model in a web request longer than its limit (a job does).
Runs in: web, jobs, `luytre plan`.
Invariants:
- What an answer says is covered was counted again by `proof`, which shares nothing with the model.
- An answer is never below greedy's, and names the bound that was proven.
"""
