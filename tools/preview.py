"""Draws what other sites and telephones show of a portal: the picture beside a link to it, and the mark as an icon.

    python tools/preview.py

Writes preview.png (1,200 × 630), icon-32.png and icon-180.png beside the mark they are made of. It needs Chromium.
"""

from __future__ import annotations

import base64
import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[1] / "src" / "plainchant" / "web" / "static" / "plainchant"
CHROMIUM = os.environ.get("PLAINCHANT_TEST_CHROMIUM") or shutil.which("chromium-headless-shell")
MARK = (STATIC / "mark.svg").read_text(encoding="utf-8")
TITLE = "Envoyez vos factures aux mairies, aux écoles, à l’État"
_STAFF = "repeating-linear-gradient(#cbb3bd 0 2px, transparent 2px 20px)"


def _font(name: str) -> str:
    return base64.b64encode((STATIC / "fonts" / f"{name}.woff2").read_bytes()).decode()


def _card() -> str:
    notes = "".join(
        f"<i style='left:{90 + 150 * place}px;top:{top}px'></i>" for place, top in enumerate((452, 442, 432, 422, 442))
    )
    return f"""<style>
        @font-face {{ font-family: T; src: url(data:font/woff2;base64,{_font("eb-garamond-600")}); }}
        @font-face {{ font-family: S; src: url(data:font/woff2;base64,{_font("source-sans-3-400")}); }}
        body {{ margin: 0; width: 1200px; height: 630px; background: #fbf8f2; color: #211a1d; position: relative; }}
        svg {{ position: absolute; left: 90px; top: 80px; width: 84px; height: 84px; }}
        b {{ position: absolute; left: 198px; top: 84px; font: 600 60px/1.2 T; color: #5c1f45; }}
        h1 {{ position: absolute; left: 90px; top: 190px; width: 1000px; margin: 0; font: 600 72px/1.15 T; }}
        u {{ position: absolute; inset: 414px 0 auto; height: 62px; background: {_STAFF}; }}
        i {{ position: absolute; width: 44px; height: 34px; border-radius: 2px; background: #5c1f45; }}
        p {{ position: absolute; left: 90px; top: 516px; margin: 0; font: 400 34px/1.3 S; color: #544a4f; }}
        </style>{MARK}<b>Plainchant</b><h1>{TITLE}</h1><u></u>{notes}
        <p>Déposer, vérifier, suivre son paiement. Logiciel libre.</p>"""


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(_card())
        page.evaluate("document.fonts.ready.then(() => true)")
        page.screenshot(path=STATIC / "preview.png")
        for size in (32, 180):
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{MARK}")
            page.screenshot(path=STATIC / f"icon-{size}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
