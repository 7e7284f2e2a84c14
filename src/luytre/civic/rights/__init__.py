"""rights: what people ask of us about data on themselves (quyền của chủ thể dữ liệu), and the file of breaches.

Owns: claims with their clocks, what was decided and why, marks of restriction, the breach file with its 72 hours, which document
is the impact dossier. Never: opens or hands out footage, carries out in another room what was granted (it leads there and writes
down that it was done), keeps a code or a paper's number of who asked. Runs in: web, jobs (erasing).
Invariants: design/rights.md.
"""
