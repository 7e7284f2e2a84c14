"""mobilisation (vận động): campaigns by which Party cells, hamlets and unions win eyes, money and power.

Owns: campaigns and their goals, visits and meetings as counts, whom to come back to, commitments (givers' names sealed), progress
by hamlet, leaflet and poster. Never: writes down that somebody declined, nor a name or an address beside a visit.
Runs in: web, jobs (`erasing`). Invariants: design/movement.md ("Mobilisation"); above all
- a visit is a day, a hamlet, who carried it and how many households: nothing tells of one household what it answered;
- what is won is read from agreements and pledges, never typed.
"""
