"""What one writes: a question, then messages."""

from __future__ import annotations

from typing import Any

from django import forms

from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.tickets.models import MAX_TEXT, MAX_TITLE
from plainchant.portal.tickets.subjects import SUBJECTS
from plainchant.web.account.fields import LineField
from plainchant.web.fields import FilesField

TO_BODY, TO_PORTAL = "acheteur", "portail"


class MessageForm(forms.Form):
    """A message and its files. What is wrong with it is the operation's to say: a word may be needed, or not."""

    marks_optional = False

    text = forms.CharField(
        label="Votre message",
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": MAX_TEXT}),
    )
    attachments = FilesField(
        label="Des documents, si vous en avez",
        help_text="Une capture d’écran, un courrier… 5 documents de 10 Mo au plus.",
        required=False,
    )

    @property
    def uploads(self) -> list[Upload]:
        return [Upload(file=file, name=file.name, size=file.size) for file in self.cleaned_data["attachments"]]


class QuestionForm(MessageForm):
    """``invoice``: the one it is about, if any; ``may_ask_body``: its recipient may be asked too."""

    to = forms.ChoiceField(label="À qui demandez-vous\u00a0?", widget=forms.RadioSelect)
    subject = forms.ChoiceField(label="De quoi s’agit-il\u00a0?")
    title = LineField(
        label="En quelques mots",
        longest=MAX_TITLE,
        missing="Résumez votre demande en quelques mots.",
        help_text="Par exemple\u00a0: «\u00a0Quel numéro d’engagement indiquer\u00a0?\u00a0»",
    )
    field_order = ("to", "subject", "title", "text", "attachments")

    def __init__(self, *args: Any, invoice: Invoice | None, may_ask_body: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to, subject = self.fields["to"], self.fields["subject"]
        assert isinstance(to, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(subject, forms.ChoiceField)  # noqa: S101 - declared above
        portal = (TO_PORTAL, "La personne qui tient ce portail\u00a0: mon compte, ce site")
        if may_ask_body and invoice is not None:
            to.choices = [(TO_BODY, f"{invoice.buyer}\u00a0: le paiement, une adresse, un document"), portal]
            to.initial = TO_BODY
        else:
            to.choices = [portal]
            to.initial = TO_PORTAL
            to.widget = forms.HiddenInput()
        subject.choices = [("", "Choisissez"), *((code.value, words) for code, words in SUBJECTS.items())]
        subject.error_messages["required"] = "Choisissez le sujet le plus proche."
