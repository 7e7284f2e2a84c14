"""appeals: requests for footage to owners of cameras that are only listed (đề nghị cung cấp hình), and custody of what came.

Owns: requests, their links, what owners answered, files on their way and arrived, every step of their custody. Never: opens an
owner's file outside of its child (`what_child`), changes a file, counts or lists who declined, sends anything to anybody.
Runs in: web, jobs (`ending`), CLI (`verify`).
Invariants: design/appeals.md; above all that what is acknowledged is on the disk, that a file that arrived is never changed, and
that nobody is shamed for declining.
"""
