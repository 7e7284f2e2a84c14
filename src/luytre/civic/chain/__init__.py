"""chain: what makes a table append-only and hash-chained, and proves afterwards that it was left alone.

Owns: the text that is hashed (`text`), writing a row (`models.ChainedModel`), the head, the database's triggers (`triggers`,
`operations`), verifying (`verify`), signed checkpoints (`checkpoints`), the export (`export`). `text`, `signing`, `verify` and
`export` know no Django, so that an outsider's laptop can check a log without a database.
Never: knows a table by name, changes or removes a row, decides who may read one. Runs in: web, jobs, CLI.
Invariants: a row is written once; its digest covers the digest of the row before it, its own number and all its columns; the
head is locked while a row is written, so that two processes never write the same number.
"""
