"""What stands on the commune's land: boundaries of hamlets, places that should be seen, obstacles that hide, past incidents.

Owns: these tables and their changes, bringing them in from sheets, GeoJSON and OpenStreetMap extracts, handing them out.
Never: knows eyes' pictures, decides where eyes go (that is planning), opens a connection.
Runs in: web, jobs.
Invariants:
- Every geometry that is kept was read by `geometry.geojson` and lies in Viet Nam.
- What is brought in is brought in whole or not at all, and each change is a step of `registry.RegisterStep`.
"""
