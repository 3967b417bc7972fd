"""How plain the French of the product is: every text that people read, measured sentence by sentence.

Read are the templates (every branch of their conditions), the strings of Python that speak French, and those of the
scripts. `python -m tools.plain_language` prints the figures and the sentences to shorten first;
`tests/house/test_plain_language.py` keeps the limits. The score is that of Kandel and Moles (Flesch for French): above
60 is easily read, and 100 is a text for children.
"""

from __future__ import annotations

import ast
import html
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src" / "plainchant"
LONGEST = 25  # words of a sentence
LONG = 20  # above which a sentence is one of the few

# What does not speak to those who invoice, pay or run the portal: documents of others, invented people, commands.
NOT_SPEECH = (
    "demo/",
    "cli/",
    "capture/",
    "einvoice/command/",
    "portal/environment/",
    "config/",
    "help/search.py",
    "einvoice/codes/en16931",
    "einvoice/codes/extended",
)
# Texts that bind, in the words of the law: a deed, and what the law wants printed on an invoice.
DEEDS = ("portal/mandates/text.py", "einvoice/law/mentions.py")
VALUE = "Valeur"  # stands for what is put into a sentence when it is shown


@dataclass(frozen=True)
class Sentence:
    """``place``: the file in the package, with the line where it is known."""

    place: str
    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(_WORD.findall(self.text))


_WORD = re.compile(r"\d[\d\u202f\u00a0.,]*|[^\W\d_]+(?:-[^\W\d_]+)*")
_END = re.compile(r"(?<=[.!?…])(?:\s»)?\s+(?=[«\sA-ZÀÉÈÊÎÔÇŒ\d]|$)|\n+")


def sentences_of(place: str, text: str) -> Iterator[Sentence]:
    """The sentences of a text; a line break or the end of a block ends one too."""
    text = re.sub(r"[ \t\u00a0\u202f]+", " ", text)
    for part in _END.split(text):
        part = part.strip()
        if len(_WORD.findall(part)) > 1:
            yield Sentence(place, part)


# Templates

_TOKEN = re.compile(r"({%.*?%}|{{.*?}}|{#.*?#})", re.S)
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|h[1-6]|td|th|tr|table|dt|dd|dl|label|legend|button|option|select|summary|details|section"
    r"|fieldset|article|aside|form|main|header|footer|nav|caption|br|hr|title|figure|figcaption|input|textarea|pre)\b"
    r"(?:[^>\"]|\"[^\"]*\")*>",
    re.I,
)
_ATTRIBUTE = re.compile(r'\b(?:title|aria-label|alt|placeholder|data-[a-z-]*says?)="([^"]+)"')
_STRING = re.compile(r'"([^"]*)"')
_CHOICES = {"if": ("elif", "else"), "for": ("empty",)}


def shown_by(template: str) -> Iterator[str]:
    """What a template may show: each branch of its conditions appears in at least one of the texts."""
    template = re.sub(r"{% comment.*?endcomment %}|<style.*?</style>", "", template, flags=re.S)
    tree = _tree(iter(_TOKEN.split(template)))[0]
    for turn in range(_most_branches(tree)):
        shown = _shown(tree, turn)
        yield from (_plain(text) for text in _ATTRIBUTE.findall(shown))
        yield _plain(shown)


def _tree(tokens: Iterator[str]) -> tuple[list[object], str]:
    """Texts, and for each condition the list of its branches; with the tag that ended it."""
    found: list[object] = []
    for token in tokens:
        if not token.startswith("{%"):
            found.append("" if token.startswith("{#") else VALUE if token.startswith("{{") else token)
            continue
        tag = token[2:-2].split(maxsplit=1)
        name = tag[0] if tag else ""
        if name in _CHOICES:
            branches, opened = [], name
            while opened in (name, *_CHOICES[name]):
                last = opened
                branch, opened = _tree(tokens)
                branches.append(branch)
            found.append([*branches, []] if last not in ("else", "empty") else branches)
        elif name in ("elif", "else", "empty", "endif", "endfor"):
            return found, name
        elif name in ("url", "static", "csrf_token", "load", "extends", "include", "with", "endwith"):
            found.append(VALUE if name == "url" else "")
        else:
            texts = [text for text in _STRING.findall(token) if " " in text]
            found.append("".join(f"<p>{text}</p>" for text in texts))
            if name in ("block", "endblock", "card", "endcard", "callout", "endcallout", "help", "endhelp", "fold"):
                found.append("<p>")
            elif name not in ("endfold", "spaceless", "endspaceless", "autoescape", "endautoescape") and not texts:
                found.append(VALUE)
    return found, ""


def _most_branches(tree: list[object]) -> int:
    most = 1
    for part in tree:
        if isinstance(part, list):
            most = max(most, len(part), *(_most_branches(branch) for branch in part))
    return most


def _shown(tree: list[object], turn: int) -> str:
    return "".join(
        _shown(part[min(turn, len(part) - 1)], turn) if isinstance(part, list) else str(part) for part in tree
    )


def _plain(shown: str) -> str:
    text = _BLOCK.sub("\x00", shown)
    text = re.sub(r"<(?:[^>\"]|\"[^\"]*\")*>", "", text)
    return html.unescape(re.sub(r"\s*\x00\s*", "\x00", re.sub(r"[ \t\r\n]+", " ", text)).replace("\x00", "\n"))


# Python and scripts

_FRENCH = re.compile(
    r"\b(?:le|la|les|l’|un|une|des|du|de|d’|à|au|aux|et|ou|est|sont|vous|votre|vos|ne|n’|pas|pour|par|sur|dans|avec|cette?"
    r"|ces|qui|que|qu’|il|elle|son|sa|ses|en|sans|plus)(?:\b|(?<=’))",
    re.I,
)
_ENGLISH = re.compile(r"\b(?:the|of|is|are|and|with|which|must|whose|that|from|this)\b")
_PATTERN = re.compile(r"\\[bswdS]|\(\?|\[\^|^[<{]|\$\d|SELECT |UPDATE |CREATE ")


def speaks_french(text: str) -> bool:
    """Whether people read it as a sentence of ours: two words of grammar, four words, and no pattern."""
    return (
        text.count(" ") > 2
        and len(_FRENCH.findall(text)) > 1
        and not _ENGLISH.search(text)
        and not _PATTERN.search(text)
    )


def in_python(place: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each French string of a module with its place; docstrings, which are English, do not count."""
    inside: set[int] = set()
    for node in ast.walk(tree):  # an f-string comes before its parts
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in node.values)
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else VALUE for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = re.sub(r"{[^{}]*}|%\(?\w*\)?s", VALUE, node.value)
        else:
            continue
        if speaks_french(text):
            yield f"{place}:{node.lineno}", re.sub(r"<[^>]+>", "", text)


_SCRIPT_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`|\'((?:[^\'\\\n]|\\.)*)\'')


def in_script(script: str) -> Iterator[str]:
    """Each French string of a script."""
    script = re.sub(r"^\s*//.*$|/\*.*?\*/", "", script, flags=re.M | re.S)
    for found in _SCRIPT_STRING.finditer(script):
        text = re.sub(r"\$\{[^}]*\}", VALUE, next(filter(None, found.groups()), ""))
        if speaks_french(text):
            yield text


def all_sentences(modules: Iterable[tuple[str, ast.Module]] | None = None) -> list[Sentence]:
    """Every sentence of the product, once a file. ``modules``: those of the package where they are parsed already."""
    found: dict[Sentence, None] = {}
    for path in sorted(PACKAGE.rglob("*.html")):
        place = str(path.relative_to(PACKAGE))
        for text in shown_by(path.read_text(encoding="utf-8")):
            found.update(dict.fromkeys(sentences_of(place, text)))
    for path in sorted((*PACKAGE.rglob("templates/**/*.txt"), *PACKAGE.rglob("help/**/*.md"))):
        place = str(path.relative_to(PACKAGE))
        for text in shown_by(path.read_text(encoding="utf-8").replace("\n", "<br>")):
            found.update(dict.fromkeys(sentences_of(place, text)))
    for path in sorted((PACKAGE / "web" / "static").rglob("*.js")):
        for text in in_script(path.read_text(encoding="utf-8")):
            found.update(dict.fromkeys(sentences_of(str(path.relative_to(PACKAGE)), text)))
    for name, tree in modules if modules is not None else _parsed():
        if name.startswith((*NOT_SPEECH, *DEEDS)) or "migrations/" in name:
            continue
        for place, text in in_python(name, tree):
            found.update(dict.fromkeys(sentences_of(place, text)))
    return list(found)


def _parsed() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8"))


# Figures

_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+", re.I)


def syllables(word: str) -> int:
    """As they are spoken: a last e that is not heard does not count."""
    if word[0].isdigit():
        return 2
    heard = re.sub(r"(?<=[^\Waeiouyàâéèêîôû])(?:e|es)$", "", word, flags=re.I)
    return max(1, len(_VOWELS.findall(heard)))


@dataclass(frozen=True)
class Figures:
    """Of many sentences. ``score``: Kandel and Moles. The shares are parts of one."""

    sentences: int
    words: float
    score: float
    long: float
    too_long: int


def figures(sentences: list[Sentence]) -> Figures:
    """Measured over what is a sentence: three words, and an end."""
    whole = [sentence for sentence in sentences if len(sentence.words) > 3 and sentence.text[-1] in ".!?…»"]
    words = [word for sentence in whole for word in sentence.words]
    mean = len(words) / len(whole)
    sounded = sum(map(syllables, words)) / len(words)
    lengths = [len(sentence.words) for sentence in whole]
    return Figures(
        sentences=len(whole),
        words=mean,
        score=207 - 1.015 * mean - 73.6 * sounded,
        long=sum(length > LONG for length in lengths) / len(whole),
        too_long=sum(length > LONGEST for length in lengths),
    )


def main() -> None:
    worst = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    sentences = all_sentences()
    shown = figures(sentences)
    print(
        f"{shown.sentences} sentences, {shown.words:.1f} words each, score {shown.score:.1f} (Kandel-Moles); "
        f"{shown.long:.1%} above {LONG} words, {shown.too_long} above {LONGEST}"
    )
    for sentence in sorted(sentences, key=lambda sentence: -len(sentence.words))[:worst]:
        print(f"{len(sentence.words):3} {sentence.place}\n    {sentence.text}")


if __name__ == "__main__":
    main()
