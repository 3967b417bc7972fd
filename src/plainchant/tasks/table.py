"""Every background task by the name it is enqueued under."""

from __future__ import annotations

from plainchant.portal.drafts.recognition import RECOGNISE
from plainchant.portal.drops.operations import READ
from plainchant.portal.drops.sending import SEND
from plainchant.portal.flows.proposal import LOOK, PROCESS
from plainchant.portal.hooks.operations import SEND as SEND_WEBHOOK
from plainchant.portal.invoices.digests import TELL
from plainchant.portal.invoices.moves import CARRY
from plainchant.portal.invoices.open_figures import COUNT
from plainchant.portal.mail.operations import DELIVER
from plainchant.portal.queue.operations import Task

from . import drops, flows, hooks, invoices, mail, recognition

TASKS: dict[str, Task] = {
    DELIVER: mail.deliver,
    PROCESS: flows.process,
    LOOK: flows.look,
    RECOGNISE: recognition.recognise,
    CARRY: invoices.carry,
    TELL: invoices.tell_list,
    COUNT: invoices.count_bodies,
    SEND_WEBHOOK: hooks.send,
    READ: drops.read,
    SEND: drops.send,
}

# Name of a task in a queue that an older version filled → its name now. A renamed task leaves its old name here.
FORMER_NAMES: dict[str, str] = {}

BY_NAME: dict[str, Task] = TASKS | {former: TASKS[name] for former, name in FORMER_NAMES.items()}
