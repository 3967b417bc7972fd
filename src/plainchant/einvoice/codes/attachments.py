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
