"""Make a release: `python tools/release.py 0.2.0`. One version everywhere, a tag, an archive, wheels, for YunoHost.

    --dry-run   say what would be done, write nothing
    --url       where the archive will be fetched from (for the YunoHost package)

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

ROOT = Path(__file__).parents[1]
# File → the line that has the version, and what it becomes.
VERSIONED = {
    "pyproject.toml": (r'^version = ".*"$', 'version = "{version}"'),
    "src/pyproject.toml": (r'^version = ".*"$', 'version = "{version}"'),
    "publiccode.yml": (r"^softwareVersion: .*$", "softwareVersion: {version}"),
    "packaging/yunohost/manifest.toml": (r'^version = ".*"$', 'version = "{version}~ynh1"'),
}
VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?\Z")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version")
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--url", default="https://plainchant.example/plainchant-{version}.tar.gz")
    arguments = parser.parse_args()
    trouble = troubles(arguments.version)
    if trouble:
        print("\n".join(trouble), file=sys.stderr)
        return 1
    day = datetime.now(tz=UTC).date()
    changed = {name: bumped(name, arguments.version, day) for name in [*VERSIONED, "CHANGELOG.md"]}
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
    build(arguments.version, uv, arguments.url.format(version=arguments.version))
    print(f"dist/ is ready. To publish: git push --follow-tags, then hand on what is in dist/ (see {ROOT / 'dist'}).")
    return 0


def troubles(version: str) -> list[str]:
    """Why there cannot be such a release now."""
    found = []
    if not VERSION.match(version):
        found.append(f"{version} is no version: 1.2.3, or 1.2.3rc1.")
    if output("git", "status", "--porcelain"):
        found.append("The tree has changes: commit them first.")
    if output("git", "tag", "--list", f"v{version}"):
        found.append(f"The tag v{version} is taken.")
    if "## Unreleased" not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        found.append("CHANGELOG.md has no « Unreleased » part: there is nothing to release.")
    return found


def bumped(name: str, version: str, day: date) -> str:
    """The text of a file with that version. ValueError where its line is not found once."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name == "CHANGELOG.md":
        return re.sub(r"^## Unreleased.*$", f"## Unreleased\n\n## {version} ({day:%Y-%m-%d})", text, flags=re.MULTILINE)
    pattern, line = VERSIONED[name]
    text, count = re.subn(pattern, line.format(version=version), text, flags=re.MULTILINE)
    if count != 1:
        raise ValueError(f"{name} has {count} lines with a version")
    if name == "publiccode.yml":
        text = re.sub(r"^releaseDate: .*$", f'releaseDate: "{day:%Y-%m-%d}"', text, flags=re.MULTILINE)
    return text


def build(version: str, uv: str, url: str) -> None:
    """The archive of the tag, the wheels, and the YunoHost package with the archive's hash."""
    dist = ROOT / "dist"
    dist.mkdir(exist_ok=True)
    archive = dist / f"plainchant-{version}.tar.gz"
    run("git", "archive", f"--prefix=plainchant-{version}/", f"--output={archive}", f"v{version}")
    run(uv, "build", "--quiet", "--wheel", "--out-dir", str(dist), str(ROOT))
    run(uv, "build", "--quiet", "--wheel", "--out-dir", str(dist), str(ROOT / "src"))
    package = dist / f"plainchant_ynh-{version}"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(ROOT / "packaging" / "yunohost", package)
    manifest = package / "manifest.toml"
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    text = re.sub(r'^(\s*)url = ".*"$', rf'\1url = "{url}"', manifest.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = re.sub(r'^(\s*)sha256 = ".*"$', rf'\1sha256 = "{digest}"', text, flags=re.MULTILINE)
    manifest.write_text(text, encoding="utf-8")


def run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
