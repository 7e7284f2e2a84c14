"""bench: what must be measured, one command each (`python -m bench.cpu`, `.memory`, `.kill9`, `.timeline`, `.export`).

Runs against real processes over loopback, on the machine as it is; prints a table and, with `--json`, the raw figures.
"""
