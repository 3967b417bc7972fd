"""Which modules are changed, and where the tests of each stand."""

from __future__ import annotations

TARGETS = (
    "access/*.py",
    "api/callers.py",
    "api/oauth.py",
    "api/tokens.py",
    "portal/rights/*.py",
    "portal/*/permissions.py",
    "portal/*/queries.py",
    "portal/*/operations.py",
    "portal/drafts/after_sending.py",
    "portal/drafts/attachments.py",
    "portal/drafts/interest.py",
    "portal/invoices/assignment.py",
    "portal/invoices/delay.py",
    "portal/invoices/lifecycle.py",
    "portal/invoices/lots.py",
    "portal/invoices/moves.py",
    "portal/invoices/notifications.py",
    "portal/invoices/pages.py",
    "portal/invoices/calendar_links.py",
    "portal/invoices/expected.py",
    "portal/invoices/late_payment.py",
    "portal/invoices/payment_clock.py",
    "portal/invoices/payments.py",
    "portal/invoices/reason_texts.py",
    "portal/invoices/reminders.py",
    "portal/invoices/story.py",
    "portal/invoices/works.py",
    "portal/invoices/works_actors.py",
    "portal/invoices/writing.py",
    "portal/store/pages.py",
    "portal/structures/applications.py",
    "portal/structures/bank_accounts.py",
    "einvoice/rules/header.py",
    "einvoice/rules/header_table.py",
    "web/account/resuming.py",
    "web/routes.py",
    "web/received/*.py",
    "web/issued/*.py",
    "web/works/*.py",
)

# Where the tests of a module stand, beside the folder of its name under tests/. An entry for a file says it all.
RELATED: dict[str, tuple[str, ...]] = {
    "access": ("tests/house/test_house.py", "tests/access", "tests/web/test_guards.py"),
    "api": ("tests/access/test_wire_isolation.py",),
    "einvoice/rules/header.py": ("tests/einvoice/rules/test_header.py",),
    "einvoice/rules/header_table.py": ("tests/einvoice/rules/test_header.py",),
    # Whoever lacks a right or another's key, of every operation and page.
    "portal": (
        "tests/access/test_operations_ask.py",
        "tests/access/test_who_reaches_what.py",
        "tests/web/test_guards.py",
    ),
    "portal/accounts": ("tests/web/account", "tests/cli/test_operator_commands.py"),
    "portal/commitments": ("tests/web/received", "tests/web/structures"),
    "portal/directory": ("tests/web/directory", "tests/access/test_operations_ask.py"),
    "portal/drafts": (
        "tests/access",
        "tests/portal/store",
        "tests/web/deposit",
        "tests/web/entry",
        "tests/web/test_guards.py",
    ),
    "portal/drops": ("tests/access", "tests/portal/store", "tests/web/deposit"),
    "portal/flows": ("tests/access", "tests/portal/store", "tests/web/flows"),
    "portal/invoices": (
        "tests/access",
        "tests/web/received",
        "tests/web/issued",
        "tests/web/test_guards.py",
        "tests/portal/drafts/test_recycle.py",
        "tests/portal/drafts/test_submit.py",
        "tests/portal/flows/test_flows.py",
        "tests/portal/flows/test_lots.py",
        "tests/tasks",
    ),
    "portal/invoices/late_payment.py": ("tests/portal/invoices/test_late_payment.py",),
    "portal/invoices/payment_clock.py": ("tests/portal/invoices/test_payment_clock.py",),
    "portal/library": ("tests/access", "tests/web/library"),
    "portal/mail": ("tests/portal/invoices", "tests/web/mailbox"),
    "portal/mandates": ("tests/access", "tests/web/mandates"),
    "portal/queue": ("tests/tasks",),
    "portal/rights": ("tests/access", "tests/web/test_guards.py"),
    "portal/store": ("tests/portal/drafts", "tests/portal/library"),
    "portal/structures": ("tests/access", "tests/api", "tests/web/structures"),
    "web/issued": ("tests/access", "tests/web/test_guards.py"),
    "web/received": ("tests/access", "tests/web/test_guards.py"),
    "web/works": ("tests/access", "tests/web/test_guards.py"),
    "web/routes.py": (
        "tests/access",
        "tests/web/test_guards.py",
        "tests/web/test_refusals.py",
        "tests/web/mailbox",
        "tests/house",
    ),
}

# Changes that no test on SQLite can see, each with the reason.
_LEASE = "a lease is of one job: its key only finds it sooner"
_RACE = "two at once, which takes PostgreSQL: tests/portal/structures/test_people_at_once.py"
EQUIVALENT: dict[tuple[str, str], str] = {
    ("api/callers.py", "if [-self.account is None-]{+False+}"): (
        "the two operations that go without an account ask for none: said for the checker of types"
    ),
    (
        "portal/directory/operations.py",
        "Structure.objects.filter([-pk__in=[structure.pk for structure in structures]-])",
    ): ("a sheet that has not changed is in the search already: the condition only keeps the work short"),
    ("portal/invoices/assignment.py", "for row in rows[- if row.assigned_to is not None-]"): (
        "the rows asked for are those that somebody has: said for the checker of types"
    ),
    ("portal/notices/operations.py", "[-locked(structure)-]"): _RACE,
    ("portal/queue/operations.py", "Job.objects.filter([-pk=job.pk, -]lease=lease)"): _LEASE,
    ("portal/queue/operations.py", "Job.objects.filter([-pk=job_id, -]lease=lease)"): _LEASE,
    ("portal/structures/applications.py", "[-locked(structure)-]"): _RACE,
    ("portal/structures/applications.py", "[-locked(application.structure)-]"): _RACE,
    ("portal/invoices/queries.py", "[-101-]{+100+}"): "how many numbers are asked for at a time",
    ("portal/invoices/queries.py", "[-101-]{+102+}"): "how many numbers are asked for at a time",
} | {
    (path, change): "what is wanted is looked up in the answer: the condition only keeps it short"
    for path, changes in {
        "portal/directory/operations.py": (
            "Structure.objects.filter(identifier_type=SIRET_TYPE[-, identifier__in=list(by_identifier)-])",
            "…r(identifier_type=SIRET_TYPE, nature=StructureNature.PUBLIC"
            "[-, identifier__in={record.identifier for record in services}-])",
            "Service.objects.filter([-structure__in={pk for pk, _ in by_key}, -]code__in={code for _, code in…",
            "…rvice.objects.filter(structure__in={pk for pk, _ in by_key}[-, code__in={code for _, code in by_key}-])",
        ),
        "portal/invoices/queries.py": (
            "Invoice.objects.filter([-seller__in={seller for seller, _ in wanted}, -]number__in={number for _, num…",
            "….objects.filter(seller__in={seller for seller, _ in wanted}"
            "[-, number__in={number for _, number in wanted}-])",
            "borne.filter([-number__in=candidates-])",
        ),
    }.items()
    for change in changes
}
