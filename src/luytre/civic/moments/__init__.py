"""moments: times somebody wants to find again, each with its cameras and a few words (bookmarks of the playback page).

Owns: `Bookmark`, and who sees and removes which. Never: holds footage (that is `registry.holds`), keeps a picture, speaks
to the recorder. Runs in: web.
Invariants: nobody is shown a camera outside the scope of their right to look back, and no bookmark of which no camera is
left; a removed one can be had back for a day, then it is gone.
"""
