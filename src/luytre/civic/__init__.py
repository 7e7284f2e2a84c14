"""civic: people, places and cameras as things that somebody owns; who may see them; what was looked at.

Owns: append-only chained tables (`chain`), accounts and rights (`access`), the usage regulation (`regulations`), the commune's
cameras (`registry`), bookmarks in the footage (`moments`), and the ports it needs from the media plane (`ports`), which `bridge`
fills. Never: imports `media`, opens a camera, reads the archive. Runs in: web, jobs, and the command line's `camera` and `user`.
Invariants: string foreign keys point only downward (moments → registry → regulations → access → chain); a camera's
password leaves the database only through `registry.config` (for the recorder) and `bridge` (for a test).
"""
