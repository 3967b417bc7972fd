"""A film of a guide: each step's screen, the pointer on its way, the mark, and time to read. VP9 in WebM, no sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image

from .marks import Box, marked, pointed

LONGEST = 90.0  # seconds
_BEFORE = 0.8  # seconds on a new screen before the pointer moves
_WAY = 0.8  # seconds of the pointer on its way
_PICTURES_A_SECOND = 10
_LEAST = 3.5  # seconds to read a caption
_SIGNS_A_SECOND = 14  # slow readers; subtitles of the public television allow 15


@dataclass(frozen=True)
class Scene:
    """A step: its screen without the mark, what is marked, and its caption."""

    picture: Image.Image
    box: Box
    text: str

    @property
    def seconds(self) -> float:
        """Of the whole scene."""
        return _BEFORE + _WAY + max(_LEAST, len(self.text) / _SIGNS_A_SECOND)


def seconds(scenes: Sequence[Scene]) -> float:
    """How long the film takes."""
    return sum(scene.seconds for scene in scenes)


def captions(scenes: Sequence[Scene]) -> str:
    """WebVTT, one caption a scene."""
    lines, start = ["WEBVTT", ""], 0.0
    for scene in scenes:
        lines += [f"{_clock(start)} --> {_clock(start + scene.seconds)} line:-1", scene.text, ""]
        start += scene.seconds
    return "\n".join(lines)


def _clock(at: float) -> str:
    return f"{int(at // 3600):02}:{int(at // 60) % 60:02}:{at % 60:06.3f}"


def film(scenes: Sequence[Scene], to: Path) -> None:
    """Write it. The first picture of each scene is a key frame: one can go from scene to scene."""
    width, height = (side // 2 * 2 for side in scenes[0].picture.size)
    with av.open(str(to), "w", format="webm") as container:
        stream: Any = container.add_stream("libvpx-vp9", rate=_PICTURES_A_SECOND)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": "53", "b": "0", "cpu-used": "4", "g": "600"}
        stream.codec_context.time_base = Fraction(1, 1000)
        for at, picture in _pictures(scenes):
            frame = av.VideoFrame.from_image(picture.crop((0, 0, width, height)))
            frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _pictures(scenes: Sequence[Scene]) -> Iterator[tuple[float, Image.Image]]:
    """Each picture with the second it begins at; nothing is drawn while nothing moves but once a second."""
    start, pointer = 0.0, (scenes[0].picture.width * 0.5, scenes[0].picture.height * 0.8)
    for scene in scenes:
        yield start, pointed(scene.picture, pointer)
        steps = round(_WAY * _PICTURES_A_SECOND)
        goal = pointer if scene.box.is_empty else scene.box.middle
        for step in range(1, steps + 1):
            done = step / steps
            eased = done * done * (3 - 2 * done)
            on_the_way = (pointer[0] + (goal[0] - pointer[0]) * eased, pointer[1] + (goal[1] - pointer[1]) * eased)
            yield start + _BEFORE + step / _PICTURES_A_SECOND, pointed(scene.picture, on_the_way)
        shown, at = pointed(marked(scene.picture, scene.box), goal), start + _BEFORE + _WAY + 0.1
        while at < start + scene.seconds - 0.1:
            yield at, shown
            at += 1.0
        start, pointer = start + scene.seconds, goal
