"""web: the pages, and the Django project that serves them.

Owns: settings, addresses, views, forms, templates, the words of the pages, the server and the jobs' process. Never:
holds a rule of who may see what (that is `civic.access.permissions` and `civic.registry.scope`), opens a camera.
Runs in: web (`python -m luytre.web`), jobs (`python -m luytre.web.jobs`), set-up (`python -m luytre.web.prepare`).
Invariants: every route is in the permission table; a page holds no password and no inline script; the recorder is
reached by the browser only with a token minted here after its look was written down.
"""
