"""look: what a camera's picture tells of the camera. Frozen, dark, covered, out of focus, turned; or well.

Owns: what is kept of a picture to compare others with (`signature`), the verdict on one picture (`judge`: `structure`, `focus`,
`glance`, `light`, and the pictures before, `history`), what is told of many (`steady`), which pictures become
references (`renew`, and `switch` where infrared comes all at once), what outlives the child (`memory`), and what parent and child
say to each other (`messages`).
Never: opens a file or a connection, tells anything from one picture, looks for people or things in a picture.
Runs in: `python -m luytre.media.look`, a child of the recorder, at low priority; `steady` and `messages` in the recorder too.
Invariants:
- A verdict is a pure function of the picture, the camera's references and its last pictures.
- Where it may be the hour or the weather, nothing is told: without a reference of the light neither dark, nor blurred, nor a
  view that is altogether another.
- What becomes a reference by itself was proven against one in force (by infrared:
  through the last picture before, that was), and lies where the accepted view lies.
- A crash here ends nothing but a look.
PyAV is loaded by `decode` alone, and so in the child alone.
"""
