"""registry: the commune, its hamlets, sites and cameras; which of them a person may see; the list the recorder gets.

Owns: `Commune`, `Hamlet`, `Site`, `Camera`, `CameraGrant`, `CameraGroup`, `HeldSpan`, `HoldStep`, the register of eyes
(`Eye`, `RegisterStep`), and a camera's password at rest. Never: speaks to a camera or the recorder. Runs in: web, jobs, CLI.
Invariants:
- A camera's key is made once and never used again; a camera is archived, not deleted, because its footage outlives it.
- Every camera hangs at a site; the hamlet is the site's. A site without cameras stays until somebody removes it.
- A hold is what its steps say, and its steps and spans are chained tables: neither changed nor removed (`holds`).
- No password is in a column in the clear, not even inside an address: what `redact` hides is sealed beside it.
"""
