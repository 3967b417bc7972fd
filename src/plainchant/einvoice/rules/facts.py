"""What a file says that the model has no term for and a rule looks at: the names readers and rules share."""

from __future__ import annotations

ISSUE_DATE_WITHOUT_FORMAT_102 = "issue_date_without_format_102"  # CII: BR-03 wants the format said
