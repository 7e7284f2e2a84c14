"""cli: the command line, one module a command, and the supervisor of `luytre serve`.

Owns: words on a terminal, exit codes (0 done, 1 not done, 2 bad use), progress bars. Never: holds logic that another room
could want. Runs in: `luytre`. A command's module is imported only when it is asked for: `luytre record` knows no Django.
Invariants: an error is one clear line and a hint, never a traceback; a password is asked for or read, never an argument
(but for simulated cameras).
"""
