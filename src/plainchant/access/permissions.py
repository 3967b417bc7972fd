"""Every permission of the product. Each one's text is its rule, as the product owner would say it."""

from __future__ import annotations

from enum import Enum


class Permission(Enum):
    PUBLIC = "Anyone, logged in or not."
    LOGGED_IN = "Anyone with an activated account, about that account only."
    DEVELOPMENT = "Anyone, but only where the mailbox is shown, which production never does."

    SEE_STRUCTURE = "Someone whose attachment to the structure has been accepted sees its sheet."
    EDIT_STRUCTURE = "The manager of a structure changes its sheet and its bank details."
    EDIT_BANK_ACCOUNT = "The manager of a structure closes or renames its bank accounts."
    SEE_MANDATE = "Someone attached to a structure sees its billing mandates and their page."
    END_MANDATE = "The manager of a structure ends its billing mandate, and files documents with it."
    SEE_MANDATE_FILE = "Someone attached to a structure opens the documents filed with its mandates."
    DECIDE_MEMBERSHIP = "The manager of a structure accepts or refuses requests to join it."

    SEE_PIECE = "Someone opens their own documents and those of the structures they are attached to."
    CHANGE_PIECE = "Someone changes their own documents; of a structure's, its manager all, the others what they added."
    ADD_STRUCTURE_PIECE = "Someone attached to a structure adds documents to its shelf."

    DEPOSIT_INVOICE = "Someone attached to a structure hands in invoices in its name."
    SEE_FLOW = "Someone attached to the structure that handed in a flow sees it and its report."
    SEE_ISSUED_INVOICE = "Someone attached to the supplier sees its invoices, drafts included."
    SEE_ISSUED_FILE = "Someone attached to the supplier opens the documents of its invoices."
    SEE_RECEIVED_INVOICE = "Someone attached to the recipient sees an invoice once it has been made available."
    SEE_RECEIVED_FILE = "Someone attached to the recipient opens the documents of an invoice made available."
