"""Shapes of the commune: GeoJSON read and checked, local metres, what an eye sees and how well.

Owns: `geojson` (RFC 7946 in and out, errors with the place of the fault), `metric` (WGS 84 to local metres and back), `optics`
(lenses, pixels per metre, reach of a level), `sight` (lines of sight and fields of view cut by obstacles), `coverage` (how
much of places a set of eyes sees). Pure functions and frozen values.
Never: imports Django, reads a database or a file, knows what a camera's address is.
Runs in: web, jobs, `luytre plan`.
Invariants:
- Coverage never grows when an obstacle is added, and never shrinks when an eye is added.
- A shape that is no shape is refused with the place of its fault; nothing is mended silently.
"""
