"""dispatch: word out (gửi tin): messages of the police to residents who wished for them, and staff's telephones that ring.

Owns: subscribers (sealed addresses, what about, which hamlets), messages with their approval and their chained steps, one
delivery a message and subscriber, staff's devices and how often each rang; the seam of channels (`channels`). Never: knows an
incident or a tip (`web.ringing` puts them together), opens a connection (`bridge.senders` does), shows or lists an address.
Runs in: web, jobs.
Invariants: design/dispatch.md; above all that nobody gets anything twice, and that who ends it is gone.
"""
