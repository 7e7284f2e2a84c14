"""recorder: puts the rooms of the media plane together. The only one that knows them all.

Owns: a camera's session (connect, record, reconnect, why not), the list of cameras and its copy on disk, the recorder's HTTP,
its metrics, headless recording (`luytre record`). Never: decodes a picture on its loop, asks the web for permission while it
records. Runs in: `python -m luytre.media.recorder` (under `luytre serve`) and `luytre record`.

Invariants:
- A camera that fails, hangs or lies harms no other camera.
- A camera that refuses a password is asked at most once a minute.
- The list of cameras in force survives a restart with the web gone.
"""
