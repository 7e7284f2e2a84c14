"""evidence.package: the evidence package as a thing: what stands in it, how it is made, signed and checked.

Owns: the values that a package is made from (`values`), the station's key and certificate (`keys`), writing a package
(`making`), checking one (`verifying`), the ONVIF boxes of its films (`boxes`). The format is written down in design/evidence.md.
Never: knows Django, the database, the recorder or a person's rights; opens the network. An outsider's laptop runs `verifying`.
Runs in: jobs, web, CLI.

Invariants:
- A package is signed over its manifest, and the manifest has size and SHA-256 of every other file but the certificate, whose
  fingerprint it has: no byte of it can change without the check naming the file.
- A package appears under its name only when it is whole and on the disk; one that fails leaves nothing behind.
- Checking reads each byte once, never inflates anything, and is bounded by what the manifest says.
"""
