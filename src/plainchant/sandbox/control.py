"""What the person or the program that tests says to the sandbox: JSON in, JSON out, no login."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_duration

from plainchant.einvoice.codes.reasons import reasons_for
from plainchant.portal.invoices.lifecycle import MOVE_OF as MOVES
from plainchant.portal.invoices.lifecycle import BuyersMove
from plainchant.portal.lib.time import PARIS
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import with_identifier

from .clock import FIRST_YEAR, LAST_YEAR, Backwards, instant
from .ending import SECRETS
from .exchanges import EXCHANGES
from .faults import FAULTS, KINDS, MOST_SECONDS, ShownFault
from .recipients import BEHAVIOURS, ScriptedStep
from .seeds import SEEDS
from .state import LONGEST, sandbox
from .verdicts import verdict_on

Answer = dict[str, Any]
Handler = Callable[..., Answer]
_CHANGING = threading.Lock()  # the clock is put forward, or everything begun again, by one call at a time


class Misunderstood(ValueError):
    """What was sent is none of what this address takes; the message says what it takes."""


def answering(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view made of one function a method. Each receives the body as JSON keeps it, and what the address names."""

    def view(request: HttpRequest, **named: str) -> HttpResponse:
        handler = handlers.get(request.method or "")
        if handler is None:
            return JsonResponse({"message": f"Only {', '.join(handlers)}."}, status=405)
        try:
            return JsonResponse(handler(_body(request), **named), json_dumps_params={"ensure_ascii": False})
        except Misunderstood as why:
            return JsonResponse({"message": str(why)}, status=400)
        except Backwards:
            return JsonResponse(
                {"message": "The clock only goes forward: what has happened has. POST /sandbox/reset begins again."},
                status=409,
            )

    return view


def _body(request: HttpRequest) -> Answer:
    if request.method == "GET":
        return {}
    try:
        body = json.loads(request.read() or b"{}")
    except (ValueError, RecursionError) as error:
        raise Misunderstood(f"This is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise Misunderstood("Send a JSON object.")
    return body


def about(body: Answer) -> Answer:
    """What there is."""
    base = settings.PUBLIC_URL
    return {
        "token": f"{base}/api/oauth/token",
        "api": f"{base}/cpro",
        "openapi": f"{base}/api/openapi.json",
        "pages": base,
        "clock": _clock(),
        "seed": sandbox().seed,
        "seeds": {name: row.says for name, row in SEEDS.items()},
        "credentials": json.loads(sandbox().credentials.read_text()),
        "recipients": _recipients(),
        "behaviours": {name: [_step(step) for step in steps] for name, steps in BEHAVIOURS.items()},
        "faults": {kind: row.says for kind, row in KINDS.items()},
        "addresses": {
            "/sandbox/clock": "GET; POST {at | advance, speed}",
            "/sandbox/reset": "POST {at, seed} or {supplier}",
            "/sandbox/recipients/SIRET": "PUT {behaviour | steps: [{days, action, reason_code, comment}]}",
            "/sandbox/faults": "GET; PUT {faults: [{kind, path, probability, seconds, times}], seed}",
            "/sandbox/expire": f"POST {{what: {' | '.join(SECRETS)}, siret}}",
            "/sandbox/exchanges": "GET, the newest first; /sandbox/exchanges/NUMBER, /sandbox/exchanges/breaches",
            "/sandbox/echanges/": "the same as pages",
        },
    }


def clock(body: Answer) -> Answer:
    """What it shows."""
    return _clock()


def put_forward(body: Answer) -> Answer:
    """``at``: an instant (Paris, if it names no zone); ``advance``: « 3 days »; ``speed``: seconds a second."""
    _look_at_keys(body, "at", "advance", "speed")
    if "at" in body and "advance" in body:
        raise Misunderstood("Either at or advance.")
    mine, made = sandbox(), 0
    speed = _number(body["speed"], "speed", most=1_000_000) if "speed" in body else None
    with _CHANGING:
        now = mine.clock()
        to = _instant(body["at"]) if "at" in body else now + _duration(body["advance"]) if "advance" in body else None
        if to is not None and (to - now > LONGEST or to.year > LAST_YEAR):
            raise Misunderstood(f"At most {LONGEST.days} days at once, and not beyond {LAST_YEAR}.")
        if to is not None and to < now:
            raise Backwards
        if speed is not None:
            mine.clock.run(speed=speed)
        if to is not None:
            made = mine.advance(to)
    return _clock() | {"moves": made}


def reset(body: Answer) -> Answer:
    """Begin again, at ``at`` and with the seed named ``seed`` if they are given; or one ``supplier`` alone."""
    _look_at_keys(body, "at", "seed", "supplier")
    if "supplier" in body:
        if body.keys() != {"supplier"}:
            raise Misunderstood("supplier goes alone: the clock and the seed are everybody's.")
        structure = Structure.objects.filter(identifier=str(body["supplier"])).first()
        if structure is None:
            raise Misunderstood(f"No structure has the identifier {body['supplier']}.")
        with _CHANGING:
            return {"forgotten": sandbox().reset_supplier(structure)}
    seed = _named(body["seed"], SEEDS, "seed") if "seed" in body else None
    at = _instant(body["at"]) if "at" in body else None
    with _CHANGING:
        sandbox().reset(at=at, seed=seed)
        EXCHANGES.clear()
        FAULTS.write(())
    return _clock() | {"seed": sandbox().seed}


def recipients(body: Answer) -> Answer:
    return _recipients()


def follow(body: Answer, siret: str) -> Answer:
    """The recipient does this with every invoice from now on."""
    _look_at_keys(body, "behaviour", "steps")
    if with_identifier(identifier=siret) is None:
        raise Misunderstood(f"No structure has the SIRET {siret}.")
    if "behaviour" in body:
        steps = BEHAVIOURS[_named(body["behaviour"], BEHAVIOURS, "behaviour")]
    elif isinstance(body.get("steps"), list):
        steps = tuple(_understood(each) for each in body["steps"])
    else:
        raise Misunderstood("Give a behaviour or steps.")
    sandbox().recipients.follow(siret, steps)
    return {"siret": siret, "steps": [_step(step) for step in steps]}


def faults(body: Answer) -> Answer:
    return {"faults": FAULTS.shown(), "seed": FAULTS.seed}


def show_faults(body: Answer) -> Answer:
    """These faults and no others from now on, in the order in which they are drawn; ``seed``: another luck."""
    _look_at_keys(body, "faults", "seed")
    rows = body.get("faults")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Misunderstood("faults: a list of {kind, path, probability, seconds, times}.")
    for row in rows:
        _look_at_keys(row, "kind", "path", "probability", "seconds", "times")
    FAULTS.write(
        [
            ShownFault(
                kind=_named(row.get("kind"), KINDS, "kind"),
                path=str(row.get("path", "")),
                probability=_number(row.get("probability", 1), "probability", most=1),
                seconds=_number(row.get("seconds", 0), "seconds", most=MOST_SECONDS),
                times=int(_number(row.get("times", 0), "times", most=1_000_000)),
            )
            for row in rows
        ],
        seed=int(_number(body.get("seed", 1), "seed", most=2**53)),
    )
    return faults(body)


def expire(body: Answer) -> Answer:
    """End at once what a program comes in with: ``what`` of the structure ``siret``."""
    _look_at_keys(body, "what", "siret")
    structure = with_identifier(identifier=str(body.get("siret", "")))
    if structure is None:
        raise Misunderstood(f"No structure has the SIRET {body.get('siret', '')}.")
    return {"ended": SECRETS[_named(body.get("what"), SECRETS, "what")](structure, at=sandbox().clock())}


def exchanges(body: Answer) -> Answer:
    return {"exchanges": [exchange.shown() for exchange in EXCHANGES]}


def breaches(body: Answer) -> Answer:
    """The exchanges whose answers are not what the contract wants."""
    return {"exchanges": [exchange.shown() for exchange in EXCHANGES if exchange.breaches]}


def one_exchange(body: Answer, number: int) -> Answer:
    """One of them, and what is to be said of it."""
    exchange = EXCHANGES.numbered(number)
    if exchange is None:
        raise Misunderstood(f"No exchange has the number {number}, or it is no longer kept.")
    return exchange.shown() | {"verdict": asdict(verdict_on(exchange))}


# -- What is shown and understood -------------------------------------------------------------------------------


def _clock() -> Answer:
    shown = sandbox().clock
    return {"at": shown().astimezone(PARIS).isoformat(timespec="seconds"), "speed": shown.speed}


def _recipients() -> Answer:
    return {siret: [_step(step) for step in steps] for siret, steps in sandbox().recipients.all().items()}


def _step(step: ScriptedStep) -> Answer:
    return {name: value for name, value in vars(step).items() if value != ""}


def _understood(row: object) -> ScriptedStep:
    if not isinstance(row, dict):
        raise Misunderstood("A step: {days, action, reason_code, comment}.")
    _look_at_keys(row, "days", "action", "reason_code", "comment")
    # An amount that is admitted depends on the invoice: no script knows it.
    moves = {
        move.action.value: move for move in MOVES.values() if isinstance(move, BuyersMove) and not move.asks_amount
    }
    move = moves[_named(row.get("action"), moves, "action")]
    days = _number(row.get("days", 0), "days", most=LONGEST.days)
    reason = str(row.get("reason_code", ""))
    if move.needs_reason:
        _named(reason, [reason.code for reason in reasons_for(move.action)], f"reason_code of {move.action}")
    return ScriptedStep(days, move.action, reason, str(row.get("comment", ""))[:255])


def _look_at_keys(given: Answer, *names: str) -> None:
    """Raises Misunderstood for a key that nothing reads: it would seem to have been obeyed."""
    if unknown := given.keys() - set(names):
        raise Misunderstood(f"{', '.join(sorted(unknown))}: unknown here. There is {', '.join(names)}.")


def _named(value: object, names: Collection[str], name: str) -> str:
    if not isinstance(value, str) or value not in names:
        raise Misunderstood(f"{name}: {', '.join(names)}.")
    return value


def _number(value: object, name: str, *, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise Misunderstood(f"{name}: a number from 0 to {most}.")
    return float(value)


def _instant(value: object) -> datetime:
    try:
        return instant(str(value))
    except ValueError as error:
        raise Misunderstood(f"at: an instant such as 2026-12-01T09:00, from {FIRST_YEAR} to {LAST_YEAR}.") from error


def _duration(value: object) -> timedelta:
    try:
        by = parse_duration(str(value))
    except OverflowError:
        by = None
    if by is None or by < timedelta(0):
        raise Misunderstood("advance: a duration such as « 3 days », « 02:00:00 » or « PT1H ».")
    return by
