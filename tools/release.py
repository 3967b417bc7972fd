"""Make a release: `python tools/release.py 0.2.0`. One version everywhere, a tag, an archive, wheels, for YunoHost.

    --home      address of the public repository (https://github.com/somebody/plainchant), written wherever it is named;
                kept in publiccode.yml, so that the next release need not say it
    --url       where the archive will be fetched from (for the YunoHost package), if not among the home's releases
    --dry-run   say what would be done, write nothing

Nothing is pushed or published: what is in `dist/` and the tag are the maintainer's to hand on.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
NO_HOME = "https://plainchant.example/plainchant"  # until there has been a release
# File → its lines that have the version or the repository's address, and what they become.
LINES = {
    "pyproject.toml": {r'^version = ".*"$': 'version = "{version}"'},
    "src/pyproject.toml": {r'^version = ".*"$': 'version = "{version}"'},
    "publiccode.yml": {
        r"^softwareVersion: .*$": "softwareVersion: {version}",
        r"^releaseDate: .*$": 'releaseDate: "{day:%Y-%m-%d}"',
        r"^url: .*$": "url: {home}",
    },
    "packaging/yunohost/manifest.toml": {r'^version = ".*"$': 'version = "{version}~ynh1"'},
    "src/README.md": {
        r"^  uses: \S+/plainchant@v.*$": "  uses: {path}@v{version}",
        r"^- repo: .*/plainchant$": "- repo: {home}",
        r"^  rev: v.*$": "  rev: v{version}",
    },
}
VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?\Z")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version")
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--home", default=known_home())
    parser.add_argument("--url", default="{home}/releases/download/v{version}/plainchant-{version}.tar.gz")
    arguments = parser.parse_args()
    trouble = troubles(arguments.version, home=arguments.home)
    if trouble:
        print("\n".join(trouble), file=sys.stderr)
        return 1
    day = datetime.now(tz=UTC).date()
    changed = {name: bumped(name, arguments.version, day, home=arguments.home) for name in [*LINES, "CHANGELOG.md"]}
    if arguments.dry_run:
        print(f"would write {', '.join(changed)}, lock, commit, tag v{arguments.version} and build dist/")
        return 0
    for name, text in changed.items():
        (ROOT / name).write_text(text, encoding="utf-8")
    uv = str(ROOT / ".venv" / "bin" / "uv")
    run(uv, "lock")
    run("git", "add", *changed, "uv.lock")
    run("git", "commit", "--message", f"Version {arguments.version}")
    run("git", "tag", "--annotate", f"v{arguments.version}", "--message", f"Plainchant {arguments.version}")
    build(arguments.version, uv, arguments.url.format(version=arguments.version, home=arguments.home))
    print(f"dist/ is ready. To publish: git push --follow-tags, then hand on what is in dist/ (see {ROOT / 'dist'}).")
    return 0


def known_home() -> str:
    """The repository's address as the last release has written it."""
    found = re.search(r"^url: (.*)$", (ROOT / "publiccode.yml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return found[1] if found else NO_HOME


def troubles(version: str, *, home: str) -> list[str]:
    """Why there cannot be such a release now."""
    found = []
    if not VERSION.match(version):
        found.append(f"{version} is no version: 1.2.3, or 1.2.3rc1.")
    if home == NO_HOME or not re.fullmatch(r"https://[^/]+/\S+/plainchant", home):
        found.append(f"{home} is no repository's address: --home https://github.com/somebody/plainchant.")
    if output("git", "status", "--porcelain"):
        found.append("The tree has changes: commit them first.")
    if output("git", "tag", "--list", f"v{version}"):
        found.append(f"The tag v{version} is taken.")
    if "## Unreleased" not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        found.append("CHANGELOG.md has no « Unreleased » part: there is nothing to release.")
    return found


def bumped(name: str, version: str, day: date, *, home: str) -> str:
    """The text of a file with that version and that address. ValueError where one of its lines is not found once."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name == "CHANGELOG.md":
        return re.sub(r"^## Unreleased.*$", f"## Unreleased\n\n## {version} ({day:%Y-%m-%d})", text, flags=re.MULTILINE)
    path = urlsplit(home).path.strip("/")
    for pattern, row in LINES[name].items():
        line = row.format(version=version, day=day, home=home, path=path)
        text, count = re.subn(pattern, line, text, flags=re.MULTILINE)
        if count != 1:
            raise ValueError(f"{name} has {count} lines {pattern}")
    return text


def build(version: str, uv: str, url: str) -> None:
    """The archive of the tag, the wheels and what they need, and the YunoHost package with the archive's hash."""
    dist = ROOT / "dist"
    dist.mkdir(exist_ok=True)
    archive = dist / f"plainchant-{version}.tar.gz"
    run("git", "archive", f"--prefix=plainchant-{version}/", f"--output={archive}", f"v{version}")
    build_wheels(uv, dist)
    package = dist / f"plainchant_ynh-{version}"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(ROOT / "packaging" / "yunohost", package)
    manifest = package / "manifest.toml"
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    text = re.sub(r'^(\s*)url = ".*"$', rf'\1url = "{url}"', manifest.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = re.sub(r'^(\s*)sha256 = ".*"$', rf'\1sha256 = "{digest}"', text, flags=re.MULTILINE)
    manifest.write_text(text, encoding="utf-8")


def build_wheels(uv: str, dist: Path) -> None:
    """Both wheels, and the versions of all that they need: with other ones nobody has tried them."""
    run(uv, "build", "--quiet", "--wheel", "--out-dir", str(dist), str(ROOT))
    run(uv, "build", "--quiet", "--wheel", "--out-dir", str(dist), str(ROOT / "src"))
    locked = ("--frozen", "--no-dev", "--all-extras", "--no-emit-workspace", "--no-hashes", "--no-annotate")
    run(uv, "export", "--quiet", *locked, "--no-header", "--output-file", str(dist / "constraints.txt"))


def run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
