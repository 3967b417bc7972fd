"""The official processor in a process of its own: Saxon ends the process it runs in when it meets threads.

One question a line on stdin, one answer a line on stdout, both JSON: `{"rules": path of an XSLT, "xml": the document}`
gives `{"asserts": [[rule, flag, sentence], …]}`, or `{"aborted": why}` where the style sheet itself gives up. The
sentence is "" where the rule says it all: Factur-X numbers its assertions anew, and the norm's number begins the
sentence.
One process, one thread; each style sheet is compiled once.
"""

from __future__ import annotations

import json
import re
import sys
from html import unescape
from typing import Any

from saxonche import PySaxonApiError, PySaxonProcessor

# SVRL is Saxon's own output, always written the same way: two expressions are five times faster than a parser.
_ASSERT = re.compile(r"<svrl:failed-assert\b([^>]*)>\s*(?:<svrl:text>([^<]*))?")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def main() -> None:
    with PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()
        compiled: dict[str, Any] = {}
        for line in sys.stdin:
            question = json.loads(line)
            rules = question["rules"]
            if rules not in compiled:
                compiled[rules] = compiler.compile_stylesheet(stylesheet_file=rules)
            print(json.dumps(_answer(processor, compiled[rules], question["xml"])), flush=True)  # noqa: T201


def _answer(processor: Any, sheet: Any, xml: str) -> dict[str, Any]:
    try:
        report = sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml))
    except PySaxonApiError as error:
        return {"aborted": " ".join(str(error).split())[:300]}
    if not report:
        return {"aborted": "no report"}
    found = []
    for attributes, text in _ASSERT.findall(report):
        named = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        rule = named.get("id", "")
        sentence = " ".join(unescape(text).split())[:100] if not rule or rule.startswith("FX-") else ""
        found.append([rule, named.get("flag", "fatal"), sentence])
    return {"asserts": found}


if __name__ == "__main__":
    main()
