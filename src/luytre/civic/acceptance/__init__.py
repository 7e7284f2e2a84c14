"""A camera's acceptance: its steps, its pictures, what the owner agreed to, the minutes.

Owns: the steps of every acceptance (a chained table: what an acceptance is, is read from them alone), the pictures that belong to
them, what makes an acceptance old. Never: asks a device or a recorder (whoever calls does, and hands in what was said); changes
the register; decides whether a camera may be in use.
Runs in: web.
Invariants:
- An acceptance is passed once, and only where every step it needs was taken and none is bad. What could not be done is said with
  its reason, and stands in the minutes.
- A step is never changed: it is taken again, and the last one counts.
- A picture is written before its step, whole, called by its SHA-256, and holds nothing but its pixels; a camera's picture has the
  masks of its moment burned in.
"""
