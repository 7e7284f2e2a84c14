"""base: what every room stands on. Standard library only.

Owns: the clock (injected everywhere), ids, the error tree, redaction of secrets, settings from the environment, and
the words that users read (gettext).
Never: touches the network, a camera, the archive or Django. Runs in: every process.
Invariants: nothing here imports another room or a package from outside; no error, address or log line that passes
through `redact` holds a password; times are UTC and their names say their unit.
"""
