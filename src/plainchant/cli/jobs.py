"""`plainchant jobs`: background work that failed for good."""

from __future__ import annotations

import click

from plainchant.einvoice.wording import counted

from . import django
from .listing import as_json_option, print_list


@click.group()
def jobs() -> None:
    """List failed background jobs, run them again, or drop them."""


@jobs.command()
@as_json_option
def failed(*, as_json: bool) -> None:
    """List the jobs that failed for good, the oldest first."""
    django()
    from plainchant.portal.queue.failures import failed_jobs

    rows = [
        {
            "number": job.number,
            "task": job.task,
            "key": job.key,
            "failed_at": job.failed_at,
            "attempts": job.attempts,
            "error": job.error,
        }
        for job in failed_jobs()
    ]
    print_list(rows, as_json=as_json, none="Aucun travail n’a échoué.")


def _chosen(numbers: tuple[int, ...], every: bool) -> list[int]:
    from plainchant.portal.queue.failures import failed_jobs

    if bool(numbers) == every:
        raise click.UsageError("Donnez les numéros des travaux (plainchant jobs failed), ou --all.")
    known = [job.number for job in failed_jobs()]
    unknown = sorted(set(numbers) - set(known))
    if unknown:
        raise click.ClickException(f"Aucun travail en échec n’a le numéro {unknown[0]}. Voyez plainchant jobs failed.")
    return known if every else list(numbers)


@jobs.command()
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="All failed jobs.")
def retry(numbers: tuple[int, ...], *, every: bool) -> None:
    """Run the failed jobs NUMBERS again."""
    django()
    from plainchant.portal.lib.time import now
    from plainchant.portal.queue import failures

    tried = failures.retry(numbers=_chosen(numbers, every), at=now())
    click.echo(f"{counted(tried, 'travail repart', 'travaux repartent')}.")


@jobs.command()
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="All failed jobs.")
def drop(numbers: tuple[int, ...], *, every: bool) -> None:
    """Forget the failed jobs NUMBERS. Work that still waits is asked for again by itself."""
    django()
    from plainchant.portal.queue import failures

    dropped = failures.drop(numbers=_chosen(numbers, every))
    click.echo(f"{counted(dropped, 'travail oublié', 'travaux oubliés')}.")
