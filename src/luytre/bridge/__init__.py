"""bridge: between the planes. Fills the ports that `civic` declares, and mints the tokens that the recorder believes.

Owns: tokens, the client of the recorder's HTTP, a direct
test of a camera for the command line. Never: draws a page, keeps state. Runs in: web, jobs, CLI.
Invariants: a token lives at most 300 s (a metrics scraper's a year); nothing here waits longer than its stated time-out.
"""
