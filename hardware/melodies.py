"""What each occasion sounds like, as notes for a PC speaker and as a wave for a sound card.

``python -m hardware.melodies FOLDER`` writes the waves as files: a start for a house that wants
its own.
"""

import math
import sys
import wave
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple


class Note(NamedTuple):
    """A tone of so many hertz, 0 for a rest, for so many milliseconds."""

    hz: int
    ms: int


# Told apart with the eyes closed: up is good, down is not, and what is refused is low and rough
# beside the one short click of each scan. All are over before the next bottle.
MELODIES: Final[Mapping[str, Sequence[Note]]] = {
    "accept": (Note(1760, 60),),
    "refuse": (Note(330, 120), Note(0, 40), Note(247, 200)),
    "paid": (Note(1047, 80), Note(1319, 80), Note(1568, 160)),
    "error": (Note(196, 150), Note(0, 60), Note(196, 150), Note(0, 60), Note(196, 300)),
}

_SAMPLES_PER_S: Final = 16_000
_SAMPLES_PER_MS: Final = _SAMPLES_PER_S // 1000
_LOUDNESS: Final = 0.6 * 32767
_FADE_MS: Final = 5  # a tone cut at its full height clicks


def wave_of(melody: Sequence[Note]) -> bytes:
    """Return a WAV file: 16 kHz, 16 bit, mono."""
    file = BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(_SAMPLES_PER_S)
        writer.writeframes(b"".join(map(_samples, melody)))
    return file.getvalue()


def _samples(note: Note) -> bytes:
    count, fade = note.ms * _SAMPLES_PER_MS, _FADE_MS * _SAMPLES_PER_MS
    turn = 2 * math.pi * note.hz / _SAMPLES_PER_S
    return b"".join(
        round(_LOUDNESS * min(1, at / fade, (count - at) / fade) * math.sin(turn * at)).to_bytes(
            2, "little", signed=True
        )
        for at in range(count)
    )


def write_waves(folder: Path) -> None:
    """Write one file an occasion."""
    folder.mkdir(parents=True, exist_ok=True)
    for occasion, melody in MELODIES.items():
        (folder / f"{occasion}.wav").write_bytes(wave_of(melody))


if __name__ == "__main__":
    write_waves(Path(sys.argv[1]))
