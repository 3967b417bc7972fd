"""What may be handed in: sizes, names, extensions. Source: Chorus Pro's own limits (EDI annex, API 20003)."""

MEBIBYTE = 1024 * 1024
MAX_FILE_BYTES = 10 * MEBIBYTE  # the invoice itself, and each attachment
MAX_FOLDER_BYTES = 120 * MEBIBYTE  # everything that belongs to one invoice
MAX_ATTACHMENT_NAME = 50  # characters, extension included
MAX_INVOICE_NAME = 200

ATTACHMENT_EXTENSIONS = frozenset(
    """
    bmp gif fax odt ppt tiff xls bz2 gz jpeg p7s rtf txt xml csv gzip jpg pdf svg xhtml xlsx doc htm odp png tgz xlc
    zip docx html ods pps tif xlm pptx
    """.split()
)


def megabytes(size: int) -> str:
    """A number of bytes as people read it: « 1,2 Mo », 1 Mo being 1,048,576 bytes; less than one in « Ko ».

    Rounded up: a file that is over a limit is never shown to weigh just that.
    """
    if size < MEBIBYTE:
        return f"{-(-size // 1024)}\u00a0Ko"
    tenths = -(-size * 10 // MEBIBYTE)
    whole, tenth = divmod(tenths, 10)
    return f"{whole},{tenth}\u00a0Mo" if tenth else f"{whole}\u00a0Mo"
