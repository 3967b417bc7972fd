"""How `sandbox` and `child` talk: the headers of a question and of an answer, and the largest question."""

from __future__ import annotations

import struct

MAX_INPUT_BYTES = 64 << 20

# A question is the length of the file, then the file.
QUESTION = struct.Struct(">Q")
# An answer is: is it right (1) or a refusal (0), the length of the body, then the body.
ANSWER = struct.Struct(">BQ")
# An answer in two parts: the length of the first, then both.
TWO = struct.Struct(">Q")
