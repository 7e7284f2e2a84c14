"""The child that makes a resident's video anew: its first picture and first sound, packet by packet, nothing else of its file.

    python -m luytre.civic.tips.video_child IN OUT

Knows no Django: it is started for one file by `video`, and bounds its own time and memory before it reads anything. Place,
device, maker, dates and further tracks (positions over time) stay behind; the turn of the picture goes along. Prints width,
height and seconds. Exit 0: done; 3: this is no video that is taken.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream

LONGEST_S = 10 * 60
REFUSED = 3
CPU_S = 30
MEMORY_BYTES = 2 * 1024**3
WRITTEN_BYTES = 100 * 1024**2
_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4"})
_SOUND = frozenset({"aac", "opus", "mp3", "vorbis"})
_FORMATS = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")


def copy(source: Path, target: Path) -> tuple[int, int, int]:
    """Width and height in pixels, and seconds. Errors: av.FFmpegError, ValueError for what is not taken."""
    with av.open(str(source), options={"protocol_whitelist": "file"}) as found:
        if found.format.name not in _FORMATS or not found.streams.video:
            raise ValueError("no video of a telephone")
        picture = found.streams.video[0]
        if picture.codec_context.name not in _CODECS:
            raise ValueError("no codec that browsers know")
        sound = [one for one in found.streams.audio if one.codec_context.name in _SOUND]
        with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as made:
            seconds = _copy(found, made, [picture, *sound[:1]])
        return picture.codec_context.width, picture.codec_context.height, round(seconds)


def _copy(found: InputContainer, made: OutputContainer, wanted: list[Stream]) -> float:
    """Seconds of the last packet. What is longer than `LONGEST_S` is cut there."""
    tracks = {one.index: made.add_stream_from_template(one) for one in wanted}
    for track in tracks.values():
        track.metadata.clear()
    last_s = 0.0
    for packet in found.demux(wanted):
        if packet.dts is None or packet.time_base is None:
            continue
        at_s = float(packet.dts * packet.time_base)
        if at_s > LONGEST_S:
            break
        last_s = max(last_s, at_s)
        packet.stream = tracks[packet.stream.index]
        made.mux(packet)
    return last_s


def main(arguments: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    try:
        width, height, seconds = copy(Path(arguments[0]), Path(arguments[1]))
    except (av.FFmpegError, ValueError, IndexError, MemoryError):
        return REFUSED
    sys.stdout.write(f"{width} {height} {seconds}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
