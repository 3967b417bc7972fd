"""A reader that runs what it is given: the tests look out of it, and try to break out, as somebody who took it over."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from plainchant.reader import sandbox

_START = """
import json, sys
from plainchant.reader import child
{before}

def run(source):
    names = {{}}
    exec(source, names)
    return json.dumps(names["answer"]).encode()

child.TASKS["probe"] = run
child.main(int(sys.argv[1]))
"""


def zygote(before: str = "") -> tuple[str, str]:
    """What `sandbox._ZYGOTE` is to be for `inside` to be answered; ``before`` is run in it first."""
    return ("-c", _START.format(before=before))


def inside(source: str, *, seconds: float = 10) -> Any:
    """What ``answer`` is in a child that ran ``source``. Raises ReaderFailed."""
    code = textwrap.dedent(source).encode()
    return json.loads(sandbox.ask("probe", code, {}, seconds=seconds, max_bytes=sandbox.MAX_JSON_BYTES))


SURROUNDINGS = """
import os, resource, sys
from pathlib import Path

def target(fd):
    try:
        return os.readlink(fd)
    except OSError:
        return ""

answer = {
    "environment": dict(os.environ),
    "limits": {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))[1]
               for name in ("AS", "CPU", "FSIZE", "NOFILE", "CORE")},
    "interfaces": [line.split(":")[0].strip() for line in Path("/proc/self/net/dev").read_text().splitlines()[2:]],
    "routes": Path("/proc/self/net/route").read_text().splitlines()[1:],
    "descriptors": [target(fd) for fd in Path("/proc/self/fd").iterdir()],
    "has_django": "django" in sys.modules,
    "folder": os.getcwd(),
    "zygote": os.getppid(),
}
"""


def surroundings() -> dict[str, Any]:
    """What a child sees of itself."""
    answer: dict[str, Any] = inside(SURROUNDINGS)
    return answer


# Gives up root where the zygote's own walls begin, once all is loaded that the next user could not read.
ORDINARY = """
import os
shared = child.raise_shared

def as_nobody():
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    return shared()

child.raise_shared = as_nobody
"""


def attempted(code: str) -> str:
    """What a child is answered when it runs ``code``: the name of an error, "" when nothing refuses."""
    source = f"""
import ctypes, errno, os, platform, signal, socket, sys
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)

def call(x86_64, aarch64, *arguments):
    number = {{"x86_64": x86_64, "aarch64": aarch64}}[platform.machine()]
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), "")

answer = ""
try:
{textwrap.indent(textwrap.dedent(code), "    ")}
except OSError as error:
    answer = errno.errorcode[error.errno]
"""
    answer: str = inside(source)
    return answer
