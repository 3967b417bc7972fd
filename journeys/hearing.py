"""What a screen reader makes of a page: what it reads, in its order, and what would leave somebody lost who only hears.

It is asked of Chromium's own tree of accessibility: these are the names that are spoken.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import CDPSession, Page

_SESSIONS: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


@dataclass(frozen=True)
class Spoken:
    """A part of the page as it is spoken: its role, its name, what is said after it, its states."""

    role: str
    name: str
    description: str
    states: dict[str, Any] = field(repr=False)
    is_named_by_placeholder: bool = field(repr=False)
    is_in_row: bool = field(repr=False)  # of a table, whose cells tell it apart


_CONTROLS = {
    "button", "checkbox", "combobox", "DisclosureTriangle", "link", "listbox", "radio", "searchbox", "slider",
    "switch", "textbox",
}  # fmt: skip
_NAMED = {*_CONTROLS, "columnheader", "image", "progressbar", "region", "table"}
_ONCE = ("banner", "contentinfo", "main")
_ZONES = ("complementary", "navigation", "region", "search")
# What a link says that is understood only beside its paragraph.
_VAGUE = re.compile(
    "(?:cliquez )?ici|lire|lire la suite|voir|voir tout|en savoir plus|suite|détails?|plus|lien|ouvrir|modifier|"
    "corriger|changer|supprimer|retirer|télécharger|choisir|ajouter",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?!client_)[a-z]+_[a-z_]+\b|\{[{%]|\b(?:None|null|undefined|NaN)\b|[0-9a-f]{8}-[0-9a-f]{4}-")
_ON_THE_PAGE = r"""() => {
  const found = [];
  const words = e => e.textContent.replace(/\s+/g, " ").trim();
  const isSeen = e => e.checkVisibility({ visibilityProperty: true });

  // The order of reading is that of the eye. Two parts are heard first and seen second: who sends and who receives, on
  // one line with the number, and what was remarked before the buttons of who decides.
  const isPlaced = e => {
    const { position, float, display } = getComputedStyle(e);
    return ["static", "relative"].includes(position) && float === "none" && !["inline", "contents"].includes(display);
  };
  const walk = parent => {
    let last;
    for (const e of parent.children) {
      if (e.matches("svg, [aria-hidden=true], .eyebrow, .desk-moves") || !isSeen(e)) continue;
      walk(e);
      const box = e.getBoundingClientRect();
      if (!isPlaced(e) || box.width < 2 || box.height < 2) continue;
      const overlap = (start, end) => box[start] < last.box[end] - 1 && last.box[start] < box[end] - 1;
      const isAbove = last && box.bottom <= last.box.top + 1 && overlap("left", "right");
      const isBefore = last && box.right <= last.box.left + 1 && overlap("top", "bottom");
      if (isAbove || isBefore) {
        found.push(`read after « ${words(last.e).slice(0, 60)} », seen before: « ${words(e).slice(0, 60)} »`);
      }
      last = { e, box };
    }
  };
  walk(document.body);

  const done = new Map();
  for (const button of document.querySelectorAll("button")) {
    if (!isSeen(button)) continue;
    const sent = button.form?.querySelectorAll("[type=hidden]:not([name=csrfmiddlewaretoken])") ?? [];
    const name = [button.ariaLabel ?? words(button), button.getAttribute("aria-describedby")].join(" ");
    const does = [button.formAction, button.name, button.value, ...[...sent].map(e => e.name + e.value)].join(" ");
    done.set(name, (done.get(name) ?? new Set()).add(does));
  }
  for (const [name, all] of done) if (all.size > 1) found.push(`${all.size} buttons do different things: « ${name} »`);

  for (const e of document.querySelectorAll("[aria-invalid=true]")) {
    // Of a choice among several it is said with their question.
    const saying = [e, e.closest("fieldset")].map(of => of?.getAttribute("aria-describedby") ?? "");
    const ids = saying.join(" ").split(" ");
    if (ids.every(id => !document.getElementById(id)?.textContent.trim())) {
      found.push(`what is wrong is not said with its field: ${e.outerHTML.slice(0, 120)}`);
    }
  }
  for (const e of document.querySelectorAll(".has-error:not(:has([aria-invalid=true]))")) {
    found.push(`no field is said to be wrong in ${e.outerHTML.slice(0, 120)}`);
  }
  if (document.querySelector("[data-error-summary]") && !document.title.startsWith("À corriger")) {
    found.push(`the title says nothing of errors: ${document.title}`);
  }
  return found;
}"""


def heard(page: Page) -> list[Spoken]:
    """All that a screen reader may read on ``page``, in its order."""
    if page not in _SESSIONS:
        _SESSIONS[page] = page.context.new_cdp_session(page)
    nodes = _SESSIONS[page].send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    waiting = [(node["nodeId"], False) for node in nodes if "parentId" not in node]
    found: list[Spoken] = []
    while waiting:
        name, is_in_row = waiting.pop()
        node = by_id.get(name)
        if node is None:
            continue
        if not node["ignored"]:
            found.append(_spoken(node, is_in_row=is_in_row))
            is_in_row |= found[-1].role == "row"
        waiting += [(child, is_in_row) for child in reversed(node.get("childIds", []))]
    return found


def _spoken(node: dict[str, Any], *, is_in_row: bool) -> Spoken:
    def words(key: str) -> str:
        return " ".join(str(node.get(key, {}).get("value", "")).split())

    sources = [source for source in node.get("name", {}).get("sources", ()) if "value" in source]
    return Spoken(
        words("role"),
        words("name"),
        words("description"),
        {state["name"]: state["value"].get("value") for state in node.get("properties", ())},
        bool(sources) and sources[0].get("attribute") in ("placeholder", "aria-placeholder"),
        is_in_row,
    )


def unheard(page: Page) -> list[str]:
    """What is wrong with ``page`` for somebody who hears it, one line each."""
    spoken = heard(page)
    return [*_headings(spoken), *_zones(spoken), *_names(spoken), *_links(spoken), *page.evaluate(_ON_THE_PAGE)]


def _headings(spoken: list[Spoken]) -> Iterator[str]:
    headings = [each for each in spoken if each.role == "heading"]
    first = [heading.name for heading in headings if heading.states["level"] == 1]
    if len(first) != 1:
        yield f"headings of level 1: {first}"
    above = 0
    for heading in headings:
        if heading.states["level"] > above + 1:
            yield f"a level of headings is missing before « {heading.name} »"
        if not heading.name:
            yield "a heading is empty"
        above = heading.states["level"]


def _zones(spoken: list[Spoken]) -> Iterator[str]:
    roles = Counter(each.role for each in spoken)
    yield from (f"{roles[role]} zones are {role}" for role in _ONCE if roles[role] != 1)
    zones = Counter((each.role, each.name) for each in spoken if each.role in _ZONES)
    for (role, name), count in zones.items():
        if count > 1 or (not name and roles[role] > 1):
            yield f"a zone is not told apart: {role} « {name} »"


def _names(spoken: list[Spoken]) -> Iterator[str]:
    for each in spoken:
        if each.role in _NAMED and not each.name:
            yield f"{each.role} without a name, {each.states.get('url', '')}"
        if each.role in _NAMED and _CODE.search(each.name):
            yield f"{each.role} is called by a code: « {each.name} »"
        if each.is_named_by_placeholder:
            yield f"{each.role} is called by its example alone: « {each.name} »"


def _links(spoken: list[Spoken]) -> Iterator[str]:
    targets = defaultdict(set)
    for link in (each for each in spoken if each.role == "link"):
        if _VAGUE.fullmatch(link.name):
            yield f"a link does not say where it leads: « {link.name} »"
        # The way back from the help, and the field of a page, are no part of where it leads.
        if not link.is_in_row:
            targets[link.name, link.description].add(re.sub("[?&]retour=[^&]*|#.*", "", link.states.get("url", "")))
    for (name, _), addresses in targets.items():
        if len(addresses) > 1:
            yield f"links called « {name} » lead to {sorted(addresses)}"
