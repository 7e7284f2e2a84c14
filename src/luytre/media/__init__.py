"""media: the recorder node. asyncio, no Django.

    RTSP/RTP bytes → samples (access units) → fragments (moof+mdat) → one bounded hub → archive | live viewers

Rooms: `unit` (what passes between the others), `source` (cameras → samples), `fragment` (samples → boxes), `live` (hub
and viewers), `archive` (fragments → files and index), `playback` (archive → HLS, MP4, export), `recorder` (puts
them together, HTTP). It goes on recording when everything else is down.
"""
