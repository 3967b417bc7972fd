"""What ships the portal: files that parse, name only settings, files and commands that are there, and one version.

No container engine or YunoHost runs here. `packaging/install.sh` is played in a bare folder by hand (10 s, and what it
downloads): PLAINCHANT_TEST_SLOW=1 .venv/bin/python -m pytest tests/house/test_packaging.py
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plainchant.cli import main
from plainchant.portal.environment.faults import faults
from plainchant.portal.environment.table import VARIABLE_OF

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
FILES = sorted(path for path in PACKAGING.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.read_text(encoding="utf-8").startswith("#!")]
UNITS = sorted((PACKAGING / "systemd").iterdir())


def yaml(path: Path) -> Any:
    return pytest.importorskip("yaml").safe_load(path.read_text(encoding="utf-8"))


def test_every_setting_that_is_named_is_one() -> None:
    named = {
        (path.name, name)
        for path in FILES
        for name in re.findall(r"\bPLAINCHANT_[A-Z0-9_]+\b", path.read_text(encoding="utf-8"))
    }
    assert {row for row in named if row[1] not in {*VARIABLE_OF, "PLAINCHANT_IMAGE"}} == set()
    assert len(named) > 20


def test_every_command_that_is_called_is_one() -> None:
    called = {
        name
        for path in [*UNITS, *SCRIPTS]
        for name in re.findall(r"(?:^|bin/)plainchant ([a-z-]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    assert {"run", "worker", "backup", "restore", "setup"} <= called
    assert called <= set(main.list_commands(None))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(PACKAGING)))
def test_a_script_can_be_parsed_and_run(path: Path) -> None:
    shell = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").rpartition("/")[2]
    subprocess.run([shell, "-n", str(path)], check=True)
    assert os.access(path, os.X_OK)


def test_the_image_runs_as_nobody_in_particular_from_files_that_are_there() -> None:
    text = (PACKAGING / "Containerfile").read_text(encoding="utf-8")
    copied = [
        name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, flags=re.MULTILINE) for name in line.split()
    ]
    assert copied
    assert all((ROOT / name).exists() for name in copied)
    allowed = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert all(f"!{name.removeprefix('./')}" in allowed for name in copied)
    assert re.search(r"^USER 10001", text, flags=re.MULTILINE)
    assert "/health" in text
    assert text.count("\nFROM ") + text.startswith("FROM ") == 2


def test_the_services_have_what_they_wait_for_and_no_secret() -> None:
    composed = yaml(PACKAGING / "compose" / "compose.yaml")
    services = composed["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
    for name in ("web", "worker"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    text = (PACKAGING / "compose" / "compose.yaml").read_text(encoding="utf-8")
    example = (PACKAGING / "compose" / "env.example").read_text(encoding="utf-8")
    for name in re.findall(r"\$\{(\w+):\?", text):
        assert f"\n{name}=" in example, name


def test_the_settings_of_the_services_start_a_portal() -> None:
    environment = yaml(PACKAGING / "compose" / "compose.yaml")["x-portal"]["environment"]
    given = {"PLAINCHANT_URL": "https://factures.example.org", "PLAINCHANT_SMTP_URL": "smtp://mail.example.org"}
    given |= {"PLAINCHANT_FROM": "a@example.org", "PLAINCHANT_SECRET_KEY": "q7Zt0pL9vX2mB4nC6rY8sW1dF3gH5jK0"}
    given |= {"DATABASE_PASSWORD": "x", "S3_ACCESS_KEY": "x", "S3_SECRET_KEY": "x"}
    values = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: given.get(found[1], ""), value)
        for name, value in environment.items()
    }
    assert [fault for fault in faults(values | {"PLAINCHANT_DATA": "/data"}) if fault.stops] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd")
def test_the_units_can_be_read(tmp_path: Path) -> None:
    # Where nothing is installed, the program is not there either: another one stands for it.
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/opt/plainchant/.venv/bin/plainchant", "/bin/true")
        (tmp_path / path.name).write_text(
            text.replace("User=plainchant", "User=root").replace("Group=plainchant", "Group=root")
        )
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in checked.stderr.splitlines() if "plainchant" in line and "Unknown" in line]
    assert said == []


def test_a_release_has_one_version_and_finds_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools import release

    projects = [
        tomllib.loads((ROOT / name).read_text())["project"]["version"]
        for name in ("pyproject.toml", "src/pyproject.toml")
    ]
    manifest = tomllib.loads((PACKAGING / "yunohost" / "manifest.toml").read_text())
    code = yaml(ROOT / "publiccode.yml")
    assert {*projects, code["softwareVersion"], manifest["version"].removesuffix("~ynh1")} == {projects[0]}
    home = "https://forge.example.org/a-town/plainchant"
    made = {
        name: release.bumped(name, "9.8.7", date(2027, 1, 2), home=home) for name in [*release.LINES, "CHANGELOG.md"]
    }
    assert all("9.8.7" in text for text in made.values())
    assert 'releaseDate: "2027-01-02"' in made["publiccode.yml"]
    assert f"\nurl: {home}\n" in made["publiccode.yml"]
    assert "uses: a-town/plainchant@v9.8.7" in made["src/README.md"]
    monkeypatch.setattr(release, "output", lambda *command: "")
    assert release.troubles("9.8.7", home=home) == []
    assert release.troubles("neuf", home=home) != []
    assert release.troubles("9.8.7", home=release.NO_HOME) != []


def test_a_release_leaves_no_address_that_stands_for_one() -> None:
    """Until the first release the repository's address is `release.NO_HOME`; what names it is rewritten then."""
    from tools import release

    placeholder = re.compile(r"https://plainchant\.example\b|\bOWNER/")
    known = {*release.LINES, "packaging/yunohost/manifest.toml"}  # the second is written by `release.build`
    documents = [*ROOT.glob("*.md"), *ROOT.glob("*.yml"), *(ROOT / "docs").rglob("*.md"), ROOT / "src" / "README.md"]
    named = {
        str(path.relative_to(ROOT))
        for path in [*FILES, *documents]
        if placeholder.search(path.read_text(encoding="utf-8"))
    }
    assert named <= known
    for name in named & set(release.LINES) - {"packaging/yunohost/manifest.toml"}:
        made = release.bumped(name, "9.8.7", date(2027, 1, 2), home="https://forge.example.org/a-town/plainchant")
        assert not placeholder.search(made), name


def test_what_ships_has_every_extra_that_a_setting_may_ask_for() -> None:
    of_terminals = {"keyring", "mcp"}  # no setting asks for them
    extras = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"])
    extras -= of_terminals
    for name, left_out in (
        ("install.sh", {"ocr"}),  # 350 MB, and Tesseract is there
        ("Containerfile", {"ocr"}),
        ("yunohost/scripts/_common.sh", {"ocr", "s3"}),  # its documents are in the application's own folder
    ):
        installed = re.findall(r"--extra (\w+)", (PACKAGING / name).read_text(encoding="utf-8"))
        assert set(installed) == extras - left_out, name


def test_the_yunohost_package_has_its_scripts_and_knows_what_its_templates_ask() -> None:
    manifest = tomllib.loads((PACKAGING / "yunohost" / "manifest.toml").read_text())
    assert manifest["packaging_format"] == 2
    scripts = {path.name for path in (PACKAGING / "yunohost" / "scripts").iterdir()}
    assert {"install", "remove", "upgrade", "backup", "restore"} <= scripts
    known = {"app", "install_dir", "data_dir", "domain", "port", "mail_pwd", "db_user", "db_pwd", "db_name"}
    known |= {*manifest["install"], "secret_key", "main_domain"}
    for path in (PACKAGING / "yunohost" / "conf").iterdir():
        assert {name.lower() for name in re.findall(r"__([A-Z_]+?)__", path.read_text())} <= known, path.name


@pytest.mark.skipif(not os.environ.get("PLAINCHANT_TEST_SLOW"), reason="installs everything: PLAINCHANT_TEST_SLOW=1")
def test_installed_in_a_bare_folder_it_checks_its_settings(tmp_path: Path) -> None:
    subprocess.run([PACKAGING / "install.sh"], env={**os.environ, "ROOT": str(tmp_path)}, check=True)
    assert (tmp_path / "etc/plainchant.env").stat().st_mode & 0o777 == 0o600
    command = [tmp_path / "opt/plainchant/.venv/bin/plainchant", "check-settings", "--offline"]
    script = f"set -a; . {tmp_path}/etc/plainchant.env; exec {command[0]} check-settings --offline"
    checked = subprocess.run(
        ["sh", "-c", script], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 1
    missing = re.findall(r"^✗ (\w+) manque", checked.stdout, flags=re.MULTILINE)
    assert missing == ["PLAINCHANT_URL", "PLAINCHANT_SMTP_URL", "PLAINCHANT_FROM"]
