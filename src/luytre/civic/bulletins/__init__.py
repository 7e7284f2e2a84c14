"""bulletins: vehicles and things that the duty desks look for (tin truy tìm), and where somebody saw them.

Owns: bulletins, their end, their picture's file, sightings, every step of who did what, the sheet for the desk. Never: recognises
a plate or a face, matches anything with a camera's picture, keeps an owner's name or telephone. Runs in: web, jobs (`erasing`).
Invariants: design/bulletins.md; above all that one ends by the moment alone, at most 30 days after it was issued or prolonged.
"""
