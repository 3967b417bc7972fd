"""What a child that reads an untrusted file may not ask of the kernel: a seccomp filter made of the table below.

A forbidden call is answered with EPERM, as a missing right is; a call newer than the table, or one whose arguments a
filter cannot see while an older one does the same, with ENOSYS, so that libraries fall back on the older one.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

# The number of a call on x86_64 and on aarch64 (include/uapi/asm-generic/unistd.h), None where there is no such call.
_Numbers = tuple[int | None, int | None]
# By why they are forbidden.
FORBIDDEN: dict[str, dict[str, _Numbers]] = {
    "files of others keep their rights, owners, dates, attributes and bytes: Landlock looks at none but the last": {
        "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
        "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
        "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
        "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
        "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
        "truncate": (76, 45), "mknod": (133, None), "mknodat": (259, 33),
    },
    "no other program, no other process": {
        "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    },
    "nobody to talk to but the caller, on the socket that is open": {
        "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
        "accept": (43, 202), "accept4": (288, 242),
        "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189),
        "msgrcv": (70, 188), "msgctl": (71, 187), "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191),
        "semtimedop": (220, 192), "mq_open": (240, 180), "mq_unlink": (241, 181),
    },
    "no look into another process, no hold on it": {
        "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
        "process_madvise": (440, 440), "process_mrelease": (448, 448), "kcmp": (312, 272), "pidfd_open": (434, 434),
        "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "tkill": (200, 130),
        "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "perf_event_open": (298, 241),
        "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setscheduler": (144, 119),
        "sched_setparam": (142, 118), "sched_setattr": (314, 274), "migrate_pages": (256, 238),
        "move_pages": (279, 239),
    },
    "none of the parts of the kernel that are attacked most and that no reader needs": {
        "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
        "io_setup": (206, 0), "io_submit": (209, 2), "userfaultfd": (323, 282), "bpf": (321, 280),
        "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
        "vmsplice": (278, 75), "splice": (275, 76), "tee": (276, 77), "modify_ldt": (154, None),
        "personality": (135, 92), "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
        "inotify_init": (253, None), "inotify_init1": (294, 26), "open_by_handle_at": (304, 265),
        "name_to_handle_at": (303, 264), "lookup_dcookie": (212, 18), "quotactl": (179, 60),
        "quotactl_fd": (443, 443), "acct": (163, 89), "syslog": (103, 116),
    },
    "no other view of the machine, and no machine to administer": {
        "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "setns": (308, 268),
        "unshare": (272, 97), "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430),
        "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
        "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142), "init_module": (175, 105),
        "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
        "kexec_file_load": (320, 294), "iopl": (172, None), "ioperm": (173, None), "settimeofday": (164, 170),
        "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171), "sethostname": (170, 161),
        "setdomainname": (171, 162),
    },
}  # fmt: skip
NEWEST = 450  # the last call the table was compared with: what is above does not exist for a child
UNSEEN: dict[str, _Numbers] = {"clone3": (435, 435), "openat2": (437, 437)}  # their arguments are behind a pointer

_EPERM, _ENOSYS = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_ALLOW, _KILL_PROCESS = 0x7FFF0000, 0x80000000
_LOAD, _AND, _EQUAL, _ABOVE, _RETURN = 0x20, 0x54, 0x15, 0x25, 0x06  # of classic BPF, on 32 bits
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_INSTRUCTION = struct.Struct("=HBBI")
_CLONE_THREAD, _READ_AND_TRUNCATE = 0x10000, os.O_ACCMODE | os.O_TRUNC
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_PR_SET_DUMPABLE = 4


@dataclass(frozen=True, slots=True)
class _Processor:
    rank: int  # in the columns of the table
    audit: int  # what seccomp calls it
    seccomp: int  # number of the call


_PROCESSORS = {"x86_64": _Processor(0, 0xC000003E, 317), "aarch64": _Processor(1, 0xC00000B7, 277)}


def shut() -> bool:
    """Take the forbidden calls from every thread of this process, for ever; whether the kernel did so.

    To be called last: `unshare`, `nice` and others are among them. Needs PR_SET_NO_NEW_PRIVS.
    """
    processor = _PROCESSORS.get(platform.machine())
    if processor is None:
        return False
    instructions = filter_of(processor.rank, processor.audit, pid=os.getpid())
    code = ctypes.create_string_buffer(instructions, len(instructions))
    program = struct.pack("@HP", len(instructions) // _INSTRUCTION.size, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.syscall(processor.seccomp, _SET_MODE_FILTER, _ALL_THREADS, program) == 0)


def filter_of(rank: int, audit: int, *, pid: int) -> bytes:
    """The filter, for the processor of a column of the table and the process ``pid``: instructions of classic BPF."""

    def numbers(calls: dict[str, _Numbers]) -> list[int]:
        return [number for row in calls.values() if (number := row[rank]) is not None]

    rows = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, audit, if_so=1),
        _step(_RETURN, _KILL_PROCESS),  # the 32-bit calls of the same processor have other numbers
        _step(_LOAD, _NUMBER),
        _step(_ABOVE, NEWEST, otherwise=1),  # the calls of x32 are above too
        _step(_RETURN, _ENOSYS),
    ]
    for answer, calls in ((_ENOSYS, UNSEEN), *((_EPERM, calls) for calls in FORBIDDEN.values())):
        for number in numbers(calls):
            rows += [_step(_EQUAL, number, otherwise=1), _step(_RETURN, answer)]
    # A thread, and no process.
    rows += _if_argument((56, 220)[rank], 0, mask=_CLONE_THREAD, equals=(_CLONE_THREAD,), then=_ALLOW, otherwise=_EPERM)
    # Only an end of its own: abort() is a signal to oneself.
    for kill in ((62, 234), (129, 131))[rank]:
        rows += _if_argument(kill, 0, equals=(pid,), then=_ALLOW, otherwise=_EPERM)
    # Limits of its own.
    rows += _if_argument((302, 261)[rank], 0, equals=(0, pid), then=_ALLOW, otherwise=_EPERM)
    # A file opened to be read can be emptied by it: before its third version Landlock did not look.
    for number, argument in (((2, 1), (257, 2)), ((56, 2),))[rank]:
        rows += _if_argument(
            number, argument, mask=_READ_AND_TRUNCATE, equals=(os.O_TRUNC,), then=_EPERM, otherwise=_ALLOW
        )
    # Its memory stays shut to others.
    rows += _if_argument((157, 167)[rank], 0, equals=(_PR_SET_DUMPABLE,), then=_EPERM, otherwise=_ALLOW)
    rows.append(_step(_RETURN, _ALLOW))
    return b"".join(rows)


def _step(code: int, value: int, *, if_so: int = 0, otherwise: int = 0) -> bytes:
    return _INSTRUCTION.pack(code, if_so, otherwise, value)


def _if_argument(
    number: int, argument: int, *, equals: tuple[int, ...], then: int, otherwise: int, mask: int = 0xFFFFFFFF
) -> list[bytes]:
    """What is answered to a call by the lower half of one of its arguments."""
    looking = [
        _step(_LOAD, _FIRST_ARGUMENT + 8 * argument),
        _step(_AND, mask),
        *(step for value in equals for step in (_step(_EQUAL, value, otherwise=1), _step(_RETURN, then))),
        _step(_RETURN, otherwise),
    ]
    return [_step(_EQUAL, number, otherwise=len(looking)), *looking]
