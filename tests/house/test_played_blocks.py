"""The commands that docs/operating.md has an operator type are there: `tests/campaigns/hour.py` plays them for real."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import click

from plainchant.cli import main
from plainchant.portal.environment.faults import faults
from plainchant.portal.environment.table import VARIABLE_OF
from tests.campaigns.hour import BLOCKS, DOCUMENT, blocks

ROOT = Path(__file__).parents[2]
COMMANDS = blocks(DOCUMENT.read_text(encoding="utf-8"))
EVERYTHING = "".join(COMMANDS.values())


def test_every_block_is_played_and_in_the_order_of_the_page() -> None:
    # The page verifies last of all; what is played afterwards begins with blocks of before.
    assert tuple(COMMANDS) == BLOCKS


def test_a_shell_can_read_them() -> None:
    subprocess.run(["sh", "-n"], input=EVERYTHING, text=True, check=True)


def test_every_command_of_the_portal_takes_what_it_is_given() -> None:
    lines = re.findall(r"^plainchant (.+)$", EVERYTHING, flags=re.MULTILINE)
    assert len(lines) > 7
    for line in lines:
        command, words = main, shlex.split(line)
        while isinstance(command, click.Group):
            context = click.Context(command)
            found = command.get_command(context, words[0])
            assert found is not None, line
            command, words = found, words[1:]
        command.make_context(line, words, resilient_parsing=True)
        options = {name for parameter in command.params for name in parameter.opts + parameter.secondary_opts}
        assert {word for word in words if word.startswith("--")} <= options, line


def test_every_setting_is_one_and_together_they_start_a_portal() -> None:
    written = COMMANDS["settings"].split("<<END\n")[1].split("\nEND")[0]
    values = dict(line.split("=", 1) for line in written.splitlines())
    assert set(values) <= set(VARIABLE_OF)
    values = {name: " ".join(shlex.split(value)) for name, value in values.items()}
    values["PLAINCHANT_SECRET_KEY"] = "q7Zt0pL9vX2mB4nC6rY8sW1dF3gH5jK0"  # drawn at random there
    assert faults(values) == []


def test_every_unit_and_file_of_the_release_is_there() -> None:
    units = re.findall(r"systemctl (?:enable --now|start) (.+)", EVERYTHING)
    names = {name if "." in name else f"{name}.service" for line in units for name in line.split()}
    assert names <= {place.name for place in (ROOT / "packaging" / "systemd").iterdir()}
    for path in re.findall(r"/opt/plainchant/(packaging/[\w./-]*\w)", EVERYTHING):
        assert (ROOT / path).exists(), path


def test_the_proxy_that_is_made_passes_on_to_the_portal() -> None:
    substitution = re.search(r"sed 's/(.+?)/(.+?)/'", COMMANDS["proxy"])
    assert substitution is not None
    shipped = (ROOT / "packaging" / "nginx.conf").read_text(encoding="utf-8")
    assert shipped.count(substitution[1]) == 1
    assert substitution[2] == "server 127.0.0.1:8000;"
