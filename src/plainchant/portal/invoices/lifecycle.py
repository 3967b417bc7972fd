"""The life of an invoice, as two tables. Nothing else in the program says what may follow what.

`docs/lifecycle.md` is printed from here. Codes are those of the Chorus Pro API, numbers those of its EDI (CPPStatut).
Plain Python: no Django, so that it can be read and tested alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import ClassVar

from plainchant.einvoice.codes.cadres import VALIDATED
from plainchant.einvoice.codes.statuses import STATUS_CODE_OF
from plainchant.einvoice.codes.works import WORKS_PIECE_OF, WORKS_PIECES, WorksActor, made_from
from plainchant.portal.lib.elision import that
from plainchant.portal.rights.rights import Right

from .kinds import InvoiceKind


class Status(StrEnum):
    DRAFT = "BROUILLON"
    DELETED = "SUPPRIMEE"
    DEPOSITED = "DEPOSEE"
    FORWARDING = "EN_COURS_ACHEMINEMENT"
    AVAILABLE = "MISE_A_DISPOSITION"
    TO_RECYCLE = "A_RECYCLER"
    REJECTED = "REJETEE"
    SUSPENDED = "SUSPENDUE"
    SERVICE_DONE = "SERVICE_FAIT"
    ORDERED = "MANDATEE"
    AT_ACCOUNTANT = "MISE_A_DISPOSITION_COMPTABLE"
    ACCOUNTED = "COMPTABILISEE"
    PAID_OUT = "MISE_EN_PAIEMENT"
    COMPLETED = "COMPLETEE"
    TO_VALIDATE_1 = "A_VALIDER_1"
    VALIDATED_1 = "VALIDEE_1"
    REFUSED_1 = "REFUSEE_1"
    WRONG_VALIDATOR_1 = "ERREUR_FOURNISSEUR_SUR_VALIDEUR"
    SILENT_1 = "ABSENCE_VALIDATION_1_HORS_DELAI"
    TO_VALIDATE_2 = "A_VALIDER_2"
    VALIDATED_2 = "VALIDEE_2"
    REFUSED_2 = "REFUSEE_2"
    WRONG_VALIDATOR_2 = "ERREUR_COTRAITANT_SUR_VALIDEUR"
    SILENT_2 = "ABSENCE_VALIDATION_2_HORS_DELAI"
    AT_MOE = "MISE_A_DISPOSITION_MOE"
    TAKEN_BY_MOE = "PRISE_EN_COMPTE_MOE"
    REFUSED_BY_MOE = "REFUSEE_MOE"
    WRONG_MOE = "ERREUR_FOURNISSEUR_SUR_MOE"
    TO_COMPLETE = "A_COMPLETER"
    AT_MOA = "MISE_A_DISPOSITION_MOA"
    TAKEN_BY_MOA = "PRISE_EN_COMPTE_MOA"
    REFUSED_BY_MOA = "REFUSEE_MOA"
    WRONG_MOA = "ERREUR_FOURNISSEUR_SUR_MOA"
    AT_SELLER = "A_ASSOCIER_FOURNISSEUR"
    REFUSED_BY_SELLER = "REFUSEE_FOURNISSEUR"
    ASSOCIATED = "ASSOCIEE"
    REPLACED = "REMPLACEE_PAR_A22"


class Side(StrEnum):
    """Who acts."""

    SELLER = "seller"
    BUYER = "buyer"
    VALIDATOR = "validator"  # who has his say before the buyer
    WORKS = "works"  # who directs works, or for whom they are done
    SYSTEM = "system"


class Mood(StrEnum):
    """What a status asks of who reads it: the five shapes of every screen, each with its word."""

    word: str

    def __new__(cls, value: str, word: str) -> Mood:
        mood = str.__new__(cls, value)
        mood._value_ = value
        mood.word = word
        return mood

    WAITING = "waiting", "En attente"
    NEEDS_YOU = "needs_you", "À vous d’agir"
    MOVING = "moving", "En cours"
    PAID = "paid", "Payée"
    STOPPED = "stopped", "Arrêtée"


class Action(StrEnum):
    """A verb in the user's mouth."""

    CREATE = "create"
    DELETE = "delete"
    SUBMIT = "submit"
    FORWARD = "forward"
    MAKE_AVAILABLE = "make_available"
    SEND_BACK = "send_back"
    RECYCLE = "recycle"
    SUSPEND = "suspend"
    COMPLETE = "complete"
    REJECT = "reject"
    CONFIRM_SERVICE = "confirm_service"
    ORDER_PAYMENT = "order_payment"
    HAND_TO_ACCOUNTANT = "hand_to_accountant"
    ACCOUNT = "account"
    PAY_OUT = "pay_out"
    ADMIT_PART = "admit_part"
    ASK_VALIDATION = "ask_validation"
    VALIDATE = "validate"
    REFUSE = "refuse"
    DISOWN = "disown"
    NAME_VALIDATOR = "name_validator"
    ACCEPT_SILENCE = "accept_silence"
    ASK_SECOND = "ask_second"
    VALIDATE_SECOND = "validate_second"
    REFUSE_SECOND = "refuse_second"
    DISOWN_SECOND = "disown_second"
    NAME_SECOND = "name_second"
    ACCEPT_SECOND_SILENCE = "accept_second_silence"
    RELEASE = "release"
    ASK_VALIDATION_AGAIN = "ask_validation_again"
    SUBMIT_TO_MOE = "submit_to_moe"
    SUBMIT_TO_MOA = "submit_to_moa"
    TAKE_AS_MOE = "take_as_moe"
    ASSOCIATE_AS_MOE = "associate_as_moe"
    ASK_COMPLEMENT = "ask_complement"
    COMPLETE_FOR_MOE = "complete_for_moe"
    REFUSE_AS_MOE = "refuse_as_moe"
    DISOWN_AS_MOE = "disown_as_moe"
    NAME_MOE = "name_moe"
    SEND_TO_MOA = "send_to_moa"
    SEND_AS_MOE = "send_as_moe"
    TAKE_AS_MOA = "take_as_moa"
    ASSOCIATE_AS_MOA = "associate_as_moa"
    REFUSE_AS_MOA = "refuse_as_moa"
    DISOWN_AS_MOA = "disown_as_moa"
    NAME_MOA = "name_moa"
    SEND_AS_MOA = "send_as_moa"
    SEND_TO_SELLER = "send_to_seller"
    ASSOCIATE_AS_SELLER = "associate_as_seller"
    REFUSE_GENERAL = "refuse_general"
    REPLACE_BY_TACIT = "replace_by_tacit"


@dataclass(frozen=True)
class StatusRow:
    """A status: its words, and whether the supplier gets a mail. Its name and EDI number are the registry's.

    ``word`` stands in place of the mood's where that would mislead. ``for_buyer`` is the mood and the word that the
    recipient reads instead, where his to-do is the supplier's waiting; ``for_validator`` and ``for_works`` the same for the
    validator, and for those whom a piece of works names. ``to_seller_unowed`` and ``word_unowed`` are said where nothing is to be paid. Sentences are filled in with `kinds`' words: {the} « la facture », « l’avoir »…
    """

    status: Status
    mood: Mood
    # One sentence for the supplier; {buyer}, {moe} and {moa} are filled in, {that_buyer} with its « que », and
    # {validator} at its beginning.
    to_seller: str
    mails_seller: bool
    word: str = ""
    for_buyer: tuple[Mood, str] | None = None
    for_validator: tuple[Mood, str] | None = None
    for_works: tuple[Mood, str] | None = None
    to_seller_unowed: str = ""
    word_unowed: str = ""

    def __post_init__(self) -> None:
        _refuse_empty(self, self.status)

    @property
    def label(self) -> str:
        return STATUS_CODE_OF[self.status].label

    @property
    def edi(self) -> str | None:
        """The number of the EDI; None where no source gives one."""
        return STATUS_CODE_OF[self.status].edi

    def sentence(
        self,
        *,
        kind: InvoiceKind,
        buyer: str,
        validator: str = "Le valideur",
        moe: str = "Le maître d’œuvre",
        moa: str = "Le maître d’ouvrage",
    ) -> str:
        """What the supplier of such an invoice reads. ``validator``: whose say it is, or was."""
        sentence = self.to_seller if kind.is_owed else self.to_seller_unowed or self.to_seller
        return sentence.format(buyer=buyer, that_buyer=that(buyer), validator=validator, moe=moe, moa=moa, **kind.words)


@dataclass(frozen=True, kw_only=True)
class Move:
    """One permitted change, and all that is said of it: pages, mails and documentation have no second table.

    A move of the portal's own is a Move; those of people have more words, and a row that lacks one cannot be made.
    ``makes``: by whom the next piece of works is made, with this move.
    """

    party: ClassVar[Side] = Side.SYSTEM
    action: Action
    right: Right | None  # over the supplier, or the recipient; the portal's own moves need none
    sources: frozenset[Status]
    target: Status
    label: str  # the button
    history: str  # the line in the invoice's history
    needs_reason: bool = False
    makes: WorksActor | None = None

    def __post_init__(self) -> None:
        _refuse_empty(self, self.action)


@dataclass(frozen=True, kw_only=True)
class SellersMove(Move):
    """Done by an operation and on a page of its own, `issued_` and the action, which ``call`` leads to.

    ``call`` is said on top of an invoice that waits for it; a draft has its own page and says nothing.
    """

    party: ClassVar[Side] = Side.SELLER
    right: Right
    call: str = ""


@dataclass(frozen=True, kw_only=True)
class BuyersMove(Move):
    """Done by `operations.process`, on one page: it asks ``question``, says ``consequence``, and goes on.

    ``consequence_again`` is said instead of an invoice that this has been done to before. ``hint`` says when to choose
    it, in the words of what it is about. A move that needs a reason offers those of `einvoice.codes.reasons`.
    """

    party: ClassVar[Side] = Side.BUYER
    right: Right
    question: str  # {number} and `kinds`' words are filled in
    consequence: str
    consequence_again: str = ""
    consequence_unowed: str = ""  # where nothing is to be paid
    hint: str = ""
    asks_payment_order: bool = False
    asks_amount: bool = False  # the part that is admitted: for what has to be paid alone
    key: str = ""  # the letter that does it at the desk

    @property
    def is_at_once(self) -> bool:
        """Whether it asks for nothing and is not the end: one key does it, and another move corrects it."""
        return not self.needs_reason and any(self.target in move.sources for move in MOVES)

    @property
    def is_for_several(self) -> bool:
        """Whether it may be made with several at once: what it asks is the same for all, and it is not the end."""
        return not self.asks_amount and any(self.target in move.sources for move in MOVES)

    @property
    def short_label(self) -> str:
        """« Suspendre », of « Suspendre : il manque un document »."""
        return self.label.partition(":")[0].strip()

    def question_about(self, *, kind: InvoiceKind, number: str) -> str:
        return self.question.format(number=number, **kind.words)

    def consequence_for(self, *, kind: InvoiceKind, is_again: bool = False) -> str:
        """What happens if one goes on. ``is_again``: it was done to this invoice before."""
        owed = (is_again and self.consequence_again) or self.consequence
        return (owed if kind.is_owed else self.consequence_unowed or owed).format(**kind.words)


@dataclass(frozen=True, kw_only=True)
class ValidatorsMove(Move):
    """Done by `validation.decide`, on one page: it asks ``question`` and says ``consequence``. ``hint``: when to choose it.

    ``of_second``: it is the second validator's, else the first one's. ``names_second``: whoever makes it names the
    second, or may, in a cadre that has two.
    """

    party: ClassVar[Side] = Side.VALIDATOR
    right: Right
    question: str  # {number} and `kinds`' words are filled in
    consequence: str
    hint: str = ""
    of_second: bool = False
    names_second: bool = False


@dataclass(frozen=True, kw_only=True)
class WorksMove(Move):
    """Made by those whom a piece of works names, in `works`: the maître d'œuvre, or ``of_moa`` the maître d'ouvrage.

    It asks ``question`` and says ``consequence``, but where it ``makes`` the next piece, or sends it: that has a page of
    its own. ``hint``: when to choose it.
    """

    party: ClassVar[Side] = Side.WORKS
    right: Right = Right.WORK
    of_moa: bool = False
    question: str = ""  # {number} and `kinds`' words are filled in
    consequence: str = ""
    hint: str = ""


def _refuse_empty(row: StatusRow | Move, name: str) -> None:
    empty = [field.name for field in fields(row) if field.default is MISSING and getattr(row, field.name) == ""]
    if empty:
        raise ValueError(f"{name} has no {', '.join(empty)}")


_S = Status

STATUSES: tuple[StatusRow, ...] = (
    StatusRow(_S.DRAFT, Mood.NEEDS_YOU, "{This} n’est pas envoyé{e} : {buyer} ne {them} voit pas.", False, "Non envoyée"),
    StatusRow(_S.DELETED, Mood.STOPPED, "Ce brouillon a été supprimé.", False),
    StatusRow(_S.DEPOSITED, Mood.MOVING, "{Your} est déposé{e}. {It} part vers {buyer}.", True),
    StatusRow(_S.FORWARDING, Mood.MOVING, "{Your} est en route vers {buyer}.", False),
    StatusRow(_S.AVAILABLE, Mood.WAITING, "{buyer} a {your} et peut {them} traiter.", True, for_buyer=(Mood.NEEDS_YOU, "À traiter")),
    StatusRow(_S.TO_RECYCLE, Mood.NEEDS_YOU, "{buyer} vous demande de corriger l’adresse {of_the} (destinataire, service ou engagement). Le numéro ne change pas.", True, for_buyer=(Mood.WAITING, "Attend le fournisseur")),
    StatusRow(_S.REJECTED, Mood.STOPPED, "{buyer} a refusé {this}. Pour être payé, il faut en émettre une nouvelle, avec un nouveau numéro.", True, to_seller_unowed="{buyer} a refusé {this}. Si vous en émettez un{e} autre, donnez-lui un nouveau numéro."),
    StatusRow(_S.SUSPENDED, Mood.NEEDS_YOU, "{buyer} attend un document ou une précision de votre part. Plus tôt vous répondez, plus tôt vous serez payé.", True, for_buyer=(Mood.WAITING, "Attend le fournisseur"), to_seller_unowed="{buyer} attend un document ou une précision de votre part."),
    StatusRow(_S.COMPLETED, Mood.WAITING, "{buyer} a reçu votre complément. La suite lui revient.", False, for_buyer=(Mood.NEEDS_YOU, "À traiter")),
    StatusRow(_S.SERVICE_DONE, Mood.MOVING, "{buyer} confirme que la prestation a été faite.", True),
    StatusRow(_S.ORDERED, Mood.MOVING, "{buyer} a donné l’ordre de vous payer.", True, to_seller_unowed="{buyer} a donné l’ordre de prendre {your} en compte : rien ne vous est versé."),
    StatusRow(_S.AT_ACCOUNTANT, Mood.MOVING, "Le comptable public a reçu l’ordre de paiement.", True, to_seller_unowed="Le comptable public a reçu {your}."),
    StatusRow(_S.ACCOUNTED, Mood.MOVING, "Le comptable public a enregistré {your}.", True),
    StatusRow(_S.PAID_OUT, Mood.PAID, "Le paiement est parti. Il arrive sur votre compte sous quelques jours.", True, to_seller_unowed="{buyer} a fini de traiter {your} : rien ne vous est versé.", word_unowed="Traitée"),
    StatusRow(_S.TO_VALIDATE_1, Mood.WAITING, "{validator} doit donner son accord avant {that_buyer} reçoive {your}. Sans réponse en quinze jours, son accord est réputé donné.", True, for_validator=(Mood.NEEDS_YOU, "À valider")),
    StatusRow(_S.VALIDATED_1, Mood.MOVING, "{validator} a donné son accord.", True, for_validator=(Mood.MOVING, "Validée")),
    StatusRow(_S.REFUSED_1, Mood.STOPPED, "{validator} a refusé {your} : {buyer} ne {them} reçoit pas. Pour être payé, il faut en émettre une nouvelle, avec un nouveau numéro.", True, to_seller_unowed="{validator} a refusé {your} : {buyer} ne {them} reçoit pas. Si vous en émettez un{e} autre, donnez-lui un nouveau numéro."),
    StatusRow(_S.WRONG_VALIDATOR_1, Mood.NEEDS_YOU, "{validator} dit ne pas être le bon valideur. Nommez-en un autre : le numéro ne change pas.", True, for_validator=(Mood.WAITING, "Attend le fournisseur")),
    StatusRow(_S.SILENT_1, Mood.MOVING, "{validator} n’a pas répondu en quinze jours : son accord est réputé donné. {It} part vers {buyer}.", True, for_validator=(Mood.MOVING, "Accord tacite")),
    StatusRow(_S.TO_VALIDATE_2, Mood.WAITING, "{validator} doit donner son accord à son tour avant {that_buyer} reçoive {your}. Sans réponse en quinze jours, son accord est réputé donné.", True, for_validator=(Mood.NEEDS_YOU, "À valider")),
    StatusRow(_S.VALIDATED_2, Mood.MOVING, "{validator} a donné son accord. {It} part vers {buyer}.", True, for_validator=(Mood.MOVING, "Validée")),
    StatusRow(_S.REFUSED_2, Mood.STOPPED, "{validator} a refusé {your} : {buyer} ne {them} reçoit pas. Pour être payé, il faut en émettre une nouvelle, avec un nouveau numéro.", True, to_seller_unowed="{validator} a refusé {your} : {buyer} ne {them} reçoit pas. Si vous en émettez un{e} autre, donnez-lui un nouveau numéro."),
    StatusRow(_S.WRONG_VALIDATOR_2, Mood.WAITING, "{validator} dit ne pas être le bon valideur. Celui qui l’a nommé en nomme un autre.", True, for_validator=(Mood.NEEDS_YOU, "Valideur à corriger")),
    StatusRow(_S.SILENT_2, Mood.MOVING, "{validator} n’a pas répondu en quinze jours : son accord est réputé donné. {It} part vers {buyer}.", True, for_validator=(Mood.MOVING, "Accord tacite")),
    StatusRow(_S.AT_MOE, Mood.WAITING, "{moe} a {your} et l’examine. Il fait ensuite sa propre pièce, avec les montants qu’il retient.", True, for_works=(Mood.WAITING, "Chez le maître d’œuvre")),
    StatusRow(_S.TAKEN_BY_MOE, Mood.MOVING, "{moe} a commencé à examiner {your}.", False, for_works=(Mood.WAITING, "Chez le maître d’œuvre")),
    StatusRow(_S.REFUSED_BY_MOE, Mood.STOPPED, "{moe} a refusé {your} : le circuit s’arrête là. Déposez-en un{e} autre, avec un nouveau numéro.", True, for_works=(Mood.STOPPED, "Refusée")),
    StatusRow(_S.WRONG_MOE, Mood.NEEDS_YOU, "{moe} dit ne pas être le maître d’œuvre de ces travaux. Nommez le bon : le numéro ne change pas.", True, for_works=(Mood.WAITING, "Attend le titulaire")),
    StatusRow(_S.TO_COMPLETE, Mood.NEEDS_YOU, "{moe} attend un document ou une précision de votre part.", True, for_works=(Mood.WAITING, "Attend le titulaire")),
    StatusRow(_S.AT_MOA, Mood.WAITING, "{moa} a {the} et l’examine.", True, for_works=(Mood.WAITING, "Chez le maître d’ouvrage")),
    StatusRow(_S.TAKEN_BY_MOA, Mood.MOVING, "{moa} a commencé à examiner {the}.", False, for_works=(Mood.WAITING, "Chez le maître d’ouvrage")),
    StatusRow(_S.REFUSED_BY_MOA, Mood.STOPPED, "{moa} a refusé {the} : le circuit s’arrête là.", True, for_works=(Mood.STOPPED, "Refusée")),
    StatusRow(_S.WRONG_MOA, Mood.NEEDS_YOU, "{moa} dit ne pas être le maître d’ouvrage de ces travaux. Nommez le bon : le numéro ne change pas.", True, for_works=(Mood.WAITING, "Attend le titulaire")),
    StatusRow(_S.AT_SELLER, Mood.NEEDS_YOU, "{moa} vous envoie {the}. Si vous êtes d’accord, faites le décompte général et définitif : il part vers {buyer}. Sinon, refusez-{them}.", True, for_works=(Mood.WAITING, "Attend le titulaire")),
    StatusRow(_S.REFUSED_BY_SELLER, Mood.STOPPED, "Vous avez refusé {the} : le circuit s’arrête là.", False, for_works=(Mood.STOPPED, "Refusée par le titulaire")),
    StatusRow(_S.ASSOCIATED, Mood.MOVING, "La pièce suivante du dossier a été faite à partir de {this}.", True, "Suivie", for_works=(Mood.MOVING, "Suivie")),
    StatusRow(_S.REPLACED, Mood.STOPPED, "Votre projet de décompte général tacite remplace {this}.", False, "Remplacée", for_works=(Mood.STOPPED, "Remplacée")),
)  # fmt: skip

_IN_BUYERS_HANDS = frozenset({_S.AVAILABLE, _S.COMPLETED})
_AT_MOE, _AT_MOA = frozenset({_S.AT_MOE, _S.TAKEN_BY_MOE}), frozenset({_S.AT_MOA, _S.TAKEN_BY_MOA})
_PROCESSING = (_S.SERVICE_DONE, _S.ORDERED, _S.AT_ACCOUNTANT, _S.ACCOUNTED)


def _before(status: Status) -> frozenset[Status]:
    """Where a processing step may be reached from: any step may be skipped, none taken back."""
    earlier = _PROCESSING[: _PROCESSING.index(status)] if status in _PROCESSING else _PROCESSING
    return _IN_BUYERS_HANDS | frozenset(earlier)


MOVES: tuple[Move, ...] = (
    SellersMove(
        action=Action.CREATE, right=Right.PREPARE, sources=frozenset(), target=_S.DRAFT,
        label="Commencer une facture", history="Brouillon créé",
    ),
    SellersMove(
        action=Action.DELETE, right=Right.PREPARE, sources=frozenset({_S.DRAFT}), target=_S.DELETED,
        label="Supprimer le brouillon", history="Supprimée",
    ),
    SellersMove(
        action=Action.SUBMIT, right=Right.SEND, sources=frozenset({_S.DRAFT}), target=_S.DEPOSITED,
        label="Confirmer et envoyer", history="Déposée",
    ),
    Move(
        action=Action.FORWARD, right=None, sources=frozenset({_S.DEPOSITED}), target=_S.FORWARDING,
        label="Acheminer", history="En cours d’acheminement",
    ),
    Move(
        action=Action.MAKE_AVAILABLE, right=None, sources=frozenset({_S.FORWARDING}), target=_S.AVAILABLE,
        label="Mettre à disposition", history="Mise à disposition",
    ),
    BuyersMove(
        action=Action.SEND_BACK, key="a", right=Right.PROCESS, sources=_IN_BUYERS_HANDS, target=_S.TO_RECYCLE, needs_reason=True,
        label="À recycler : mal adressée", history="À recycler",
        question="Faire corriger l’adresse {of_the} {number} ?",
        consequence="{The} retourne au fournisseur, qui corrige le destinataire, le service ou l’engagement et {them} renvoie sous le même numéro.",
        hint="{It} n’est pas pour vous, ou pas pour ce service : le fournisseur corrige l’adresse.",
    ),
    BuyersMove(
        action=Action.SUSPEND, key="u", right=Right.PROCESS, sources=_IN_BUYERS_HANDS, target=_S.SUSPENDED, needs_reason=True,
        label="Suspendre : il manque un document", history="Suspendue",
        question="Suspendre {the} {number} ?",
        consequence="Le délai de paiement s’arrête jusqu’à la réponse du fournisseur, sauf s’il est déjà dépassé. La loi ne permet de l’arrêter qu’une seule fois par facture (art. R2192-27).",
        consequence_unowed="Le fournisseur est prévenu de ce qu’il manque. Aucun délai de paiement ne court.",
        consequence_again="{This} a déjà été suspendu{e} : le délai de paiement ne s’arrêtera pas une seconde fois (art. R2192-27). Le fournisseur est prévenu de ce qu’il manque.",
        hint="Il manque un document : le fournisseur le joint, {the} garde son numéro.",
    ),
    BuyersMove(
        action=Action.REJECT, key="r", right=Right.PROCESS, sources=_IN_BUYERS_HANDS, target=_S.REJECTED, needs_reason=True,
        label="Rejeter définitivement", history="Rejetée",
        question="Rejeter {the} {number} ?",
        consequence_unowed="Rejeter met fin à {this}. Si le fournisseur en émet un{e} autre, ce sera sous un autre numéro. S’il manque un document, suspendez ; si l’adresse est fausse, choisissez « à recycler ».",
        consequence="Rejeter met fin à {this}. Le fournisseur devra en émettre une nouvelle, sous un autre numéro, et le délai repartira de zéro. S’il manque un document, suspendez ; si elle est mal adressée, choisissez « à recycler ».",
        hint="Un montant ou une mention est faux : il en faudra un{e} autre. En dernier recours.",
    ),
    SellersMove(
        action=Action.RECYCLE, right=Right.ANSWER, sources=frozenset({_S.TO_RECYCLE}), target=_S.DEPOSITED,
        label="Corriger l’adresse et renvoyer", history="Corrigée et renvoyée",
        call="{The} est mal adressé{e}",
    ),
    SellersMove(
        action=Action.COMPLETE, right=Right.ANSWER, sources=frozenset({_S.SUSPENDED}), target=_S.COMPLETED,
        label="Compléter et renvoyer", history="Complétée",
        call="L’acheteur attend quelque chose de vous",
    ),
    BuyersMove(
        action=Action.CONFIRM_SERVICE, key="s", right=Right.PROCESS, sources=_before(_S.SERVICE_DONE), target=_S.SERVICE_DONE,
        label="Service fait", history="Service fait",
        question="Service fait : {kind} {number}",
        consequence="Vous confirmez que la prestation a été faite.",
    ),
    BuyersMove(
        action=Action.ADMIT_PART, key="d", right=Right.PROCESS, sources=_before(_S.SERVICE_DONE), target=_S.SERVICE_DONE, needs_reason=True, asks_amount=True,
        label="Admettre une partie du montant", history="Admise en partie",
        question="Quelle partie {of_the} {number} admettez-vous ?",
        consequence="Vous payez la somme que vous ne contestez pas, et le délai de paiement continue de courir pour elle (art. R2192-34). Le fournisseur lit pourquoi vous contestez le reste : il émet un avoir de la différence, ou vous répond.",
        hint="Le montant est faux : vous payez ce que vous ne contestez pas, sans rejeter {the}.",
    ),
    BuyersMove(
        action=Action.ORDER_PAYMENT, key="m", right=Right.PAY, sources=_before(_S.ORDERED), target=_S.ORDERED, asks_payment_order=True,
        label="Mandater", history="Mandatée",
        question="Mandater : {kind} {number}",
        consequence="Vous donnez l’ordre de payer. Le fournisseur est prévenu.",
        consequence_unowed="Vous donnez l’ordre de prendre {the} en compte. Rien n’est payé. Le fournisseur est prévenu.",
    ),
    BuyersMove(
        action=Action.HAND_TO_ACCOUNTANT, key="t", right=Right.PAY, sources=_before(_S.AT_ACCOUNTANT), target=_S.AT_ACCOUNTANT,
        label="Transmettre au comptable", history="Mise à disposition du comptable",
        question="Transmettre au comptable : {kind} {number}",
        consequence="{The} passe chez le comptable public.",
    ),
    BuyersMove(
        action=Action.ACCOUNT, key="c", right=Right.PAY, sources=_before(_S.ACCOUNTED), target=_S.ACCOUNTED,
        label="Comptabiliser", history="Comptabilisée",
        question="Comptabiliser : {kind} {number}",
        consequence="Le comptable a enregistré {the}.",
    ),
    BuyersMove(
        action=Action.PAY_OUT, key="p", right=Right.PAY, sources=_before(_S.PAID_OUT), target=_S.PAID_OUT,
        label="Mettre en paiement", history="Mise en paiement",
        question="Mettre en paiement : {kind} {number}",
        consequence="Le fournisseur est prévenu que le paiement est parti. C’est la fin du traitement.",
        consequence_unowed="C’est la fin du traitement. Rien n’est payé. Le fournisseur est prévenu.",
    ),
    SellersMove(
        action=Action.ASK_VALIDATION, right=Right.SEND, sources=frozenset({_S.DRAFT}), target=_S.TO_VALIDATE_1,
        label="Confirmer et envoyer au valideur", history="Envoyée au valideur",
    ),
    ValidatorsMove(
        action=Action.VALIDATE, right=Right.VALIDATE, sources=frozenset({_S.TO_VALIDATE_1}), target=_S.VALIDATED_1, names_second=True,
        label="Valider", history="Validée",
        question="Valider {the} {number} ?",
        consequence="Vous donnez votre accord. {The} part aussitôt vers l’acheteur public, qui lit que vous l’avez validé{e}.",
        hint="{The} est juste : l’acheteur peut {them} recevoir.",
    ),
    ValidatorsMove(
        action=Action.REFUSE, right=Right.VALIDATE, sources=frozenset({_S.TO_VALIDATE_1}), target=_S.REFUSED_1, needs_reason=True,
        label="Refuser", history="Refusée par le valideur",
        question="Refuser {the} {number} ?",
        consequence="Refuser met fin à {this} : l’acheteur ne {them} reçoit pas. Le fournisseur lit votre motif ; s’il en émet un{e} autre, ce sera sous un autre numéro.",
        hint="Un montant ou une mention est faux, ou le travail n’est pas fait.",
    ),
    ValidatorsMove(
        action=Action.DISOWN, right=Right.VALIDATE, sources=frozenset({_S.TO_VALIDATE_1}), target=_S.WRONG_VALIDATOR_1,
        label="Je ne suis pas le bon valideur", history="Mauvais valideur",
        question="{The} {number} n’est pas à valider par vous ?",
        consequence="Le fournisseur est prévenu et nomme un autre valideur. Dès qu’il l’a fait, vous ne voyez plus {this}.",
        hint="Vous n’êtes ni le titulaire ni le mandataire de ce marché : le fournisseur nomme quelqu’un d’autre.",
    ),
    SellersMove(
        action=Action.NAME_VALIDATOR, right=Right.ANSWER, sources=frozenset({_S.WRONG_VALIDATOR_1}), target=_S.TO_VALIDATE_1,
        label="Nommer le bon valideur", history="Autre valideur nommé",
        call="Ce n’est pas le bon valideur",
    ),
    Move(
        action=Action.ACCEPT_SILENCE, right=None, sources=frozenset({_S.TO_VALIDATE_1}), target=_S.SILENT_1,
        label="Constater l’accord tacite", history="Accord tacite : aucune réponse en quinze jours",
    ),
    Move(
        action=Action.ASK_SECOND, right=None, sources=frozenset({_S.VALIDATED_1}), target=_S.TO_VALIDATE_2,
        label="Demander l’accord du second valideur", history="Envoyée au second valideur",
    ),
    ValidatorsMove(
        action=Action.VALIDATE_SECOND, right=Right.VALIDATE, sources=frozenset({_S.TO_VALIDATE_2}), target=_S.VALIDATED_2, of_second=True,
        label="Valider", history="Validée par le second valideur",
        question="Valider {the} {number} ?",
        consequence="Vous donnez votre accord. {The} part aussitôt vers l’acheteur public, qui lit que vous l’avez validé{e}.",
        hint="{The} est juste : l’acheteur peut {them} recevoir.",
    ),
    ValidatorsMove(
        action=Action.REFUSE_SECOND, right=Right.VALIDATE, sources=frozenset({_S.TO_VALIDATE_2}), target=_S.REFUSED_2, of_second=True, needs_reason=True,
        label="Refuser", history="Refusée par le second valideur",
        question="Refuser {the} {number} ?",
        consequence="Refuser met fin à {this} : l’acheteur ne {them} reçoit pas. Le fournisseur lit votre motif ; s’il en émet un{e} autre, ce sera sous un autre numéro.",
        hint="Un montant ou une mention est faux, ou le travail n’est pas fait.",
    ),
    ValidatorsMove(
        action=Action.DISOWN_SECOND, right=Right.VALIDATE, sources=frozenset({_S.TO_VALIDATE_2}), target=_S.WRONG_VALIDATOR_2, of_second=True,
        label="Je ne suis pas le bon valideur", history="Mauvais second valideur",
        question="{The} {number} n’est pas à valider par vous ?",
        consequence="Le premier valideur, qui vous a nommé, est prévenu et nomme quelqu’un d’autre. Dès qu’il l’a fait, vous ne voyez plus {this}.",
        hint="Vous n’êtes pas le mandataire de ce groupement : le premier valideur nomme quelqu’un d’autre.",
    ),
    ValidatorsMove(
        action=Action.NAME_SECOND, right=Right.VALIDATE, sources=frozenset({_S.WRONG_VALIDATOR_2}), target=_S.TO_VALIDATE_2, names_second=True,
        label="Nommer le bon second valideur", history="Autre second valideur nommé",
        question="Qui valide {the} {number} après vous ?",
        consequence="Celui que vous aviez nommé n’est pas le bon. Le suivant a quinze jours pour répondre.",
    ),
    Move(
        action=Action.ACCEPT_SECOND_SILENCE, right=None, sources=frozenset({_S.TO_VALIDATE_2}), target=_S.SILENT_2,
        label="Constater l’accord tacite", history="Accord tacite : aucune réponse en quinze jours",
    ),
    Move(
        action=Action.RELEASE, right=None, sources=frozenset({_S.VALIDATED_1, _S.SILENT_1, _S.VALIDATED_2, _S.SILENT_2}), target=_S.DEPOSITED,
        label="Déposer", history="Déposée",
    ),
    SellersMove(
        action=Action.ASK_VALIDATION_AGAIN, right=Right.ANSWER, sources=frozenset({_S.TO_RECYCLE}), target=_S.TO_VALIDATE_1,
        label="Corriger l’adresse et renvoyer au valideur", history="Corrigée et renvoyée au valideur",
    ),
    SellersMove(
        action=Action.SUBMIT_TO_MOE, right=Right.SEND, sources=frozenset({_S.DRAFT}), target=_S.AT_MOE,
        label="Confirmer et envoyer au maître d’œuvre", history="Envoyée au maître d’œuvre",
    ),
    SellersMove(
        action=Action.SUBMIT_TO_MOA, right=Right.SEND, sources=frozenset({_S.DRAFT}), target=_S.AT_MOA,
        label="Confirmer et envoyer au maître d’ouvrage", history="Envoyée au maître d’ouvrage",
    ),
    WorksMove(
        action=Action.ASSOCIATE_AS_MOE, sources=_AT_MOE | _AT_MOA, target=_S.ASSOCIATED, makes=WorksActor.MOE,
        label="Accepter et faire la pièce suivante", history="Vérifiée par le maître d’œuvre, qui fait la pièce suivante",
        hint="Les montants ou ceux que vous retenez après correction : vous les écrivez dans votre propre pièce.",
    ),
    WorksMove(
        action=Action.TAKE_AS_MOE, sources=frozenset({_S.AT_MOE}), target=_S.TAKEN_BY_MOE,
        label="Prendre en compte", history="Prise en compte par le maître d’œuvre",
        question="Prendre {the} {number} en compte ?",
        consequence="Le titulaire lit que vous l’examinez. Le délai de paiement court déjà.",
        hint="Vous l’avez vu{e} et l’examinez : facultatif.",
    ),
    WorksMove(
        action=Action.ASK_COMPLEMENT, sources=_AT_MOE, target=_S.TO_COMPLETE, needs_reason=True,
        label="Demander un complément", history="Complément demandé",
        question="Demander un complément sur {the} {number} ?",
        consequence="Le titulaire lit ce qu’il manque et vous répond. {The} garde son numéro.",
        hint="Il manque un document ou une explication.",
    ),
    WorksMove(
        action=Action.REFUSE_AS_MOE, sources=_AT_MOE, target=_S.REFUSED_BY_MOE, needs_reason=True,
        label="Refuser", history="Refusée par le maître d’œuvre",
        question="Refuser {the} {number} ?",
        consequence="Refuser arrête le circuit : le titulaire devra déposer un autre projet, sous un autre numéro. Un montant faux se corrige dans votre propre pièce, sans refus.",
        hint="La pièce n’a pas lieu d’être. Un montant faux se corrige dans votre propre pièce.",
    ),
    WorksMove(
        action=Action.DISOWN_AS_MOE, sources=_AT_MOE, target=_S.WRONG_MOE,
        label="Je ne suis pas le maître d’œuvre", history="Mauvais maître d’œuvre",
        question="Vous n’êtes pas le maître d’œuvre de ces travaux ?",
        consequence="Le titulaire est prévenu et nomme quelqu’un d’autre. Dès qu’il l’a fait, vous ne voyez plus {this}.",
        hint="Le titulaire s’est trompé de maître d’œuvre.",
    ),
    SellersMove(
        action=Action.COMPLETE_FOR_MOE, right=Right.ANSWER, sources=frozenset({_S.TO_COMPLETE}), target=_S.AT_MOE,
        label="Compléter et renvoyer", history="Complétée",
        call="Le maître d’œuvre attend quelque chose de vous",
    ),
    SellersMove(
        action=Action.NAME_MOE, right=Right.ANSWER, sources=frozenset({_S.WRONG_MOE}), target=_S.AT_MOE,
        label="Nommer le bon maître d’œuvre", history="Autre maître d’œuvre nommé",
        call="Ce n’est pas le bon maître d’œuvre",
    ),
    WorksMove(
        action=Action.SEND_TO_MOA, sources=frozenset({_S.DRAFT}), target=_S.AT_MOA,
        label="Envoyer au maître d’ouvrage", history="Envoyée au maître d’ouvrage",
    ),
    WorksMove(
        action=Action.SEND_AS_MOE, sources=frozenset({_S.DRAFT}), target=_S.DEPOSITED,
        label="Envoyer au payeur", history="Déposée par le maître d’œuvre",
    ),
    WorksMove(
        action=Action.ASSOCIATE_AS_MOA, sources=_AT_MOA, target=_S.ASSOCIATED, makes=WorksActor.MOA, of_moa=True,
        label="Accepter et faire la pièce suivante", history="Vérifiée par le maître d’ouvrage, qui fait la pièce suivante",
        hint="Les montants ou ceux que vous retenez après correction : vous les écrivez dans votre propre pièce.",
    ),
    WorksMove(
        action=Action.TAKE_AS_MOA, sources=frozenset({_S.AT_MOA}), target=_S.TAKEN_BY_MOA, of_moa=True,
        label="Prendre en compte", history="Prise en compte par le maître d’ouvrage",
        question="Prendre {the} {number} en compte ?",
        consequence="Le titulaire et le maître d’œuvre lisent que vous l’examinez. Le délai de paiement court déjà.",
        hint="Vous l’avez vu{e} et l’examinez : facultatif.",
    ),
    WorksMove(
        action=Action.REFUSE_AS_MOA, sources=_AT_MOA, target=_S.REFUSED_BY_MOA, of_moa=True, needs_reason=True,
        label="Refuser", history="Refusée par le maître d’ouvrage",
        question="Refuser {the} {number} ?",
        consequence="Refuser arrête le circuit : il faudra recommencer par un autre projet du titulaire. Un montant faux se corrige dans votre propre pièce, sans refus.",
        hint="La pièce n’a pas lieu d’être. Un montant faux se corrige dans votre propre pièce.",
    ),
    WorksMove(
        action=Action.DISOWN_AS_MOA, sources=_AT_MOA, target=_S.WRONG_MOA, of_moa=True,
        label="Je ne suis pas le maître d’ouvrage", history="Mauvais maître d’ouvrage",
        question="Vous n’êtes pas le maître d’ouvrage de ces travaux ?",
        consequence="Le titulaire est prévenu et nomme quelqu’un d’autre. Dès qu’il l’a fait, vous ne voyez plus {this}.",
        hint="Le titulaire s’est trompé de maître d’ouvrage.",
    ),
    SellersMove(
        action=Action.NAME_MOA, right=Right.ANSWER, sources=frozenset({_S.WRONG_MOA}), target=_S.AT_MOA,
        label="Nommer le bon maître d’ouvrage", history="Autre maître d’ouvrage nommé",
        call="Ce n’est pas le bon maître d’ouvrage",
    ),
    WorksMove(
        action=Action.SEND_AS_MOA, sources=frozenset({_S.DRAFT}), target=_S.DEPOSITED, of_moa=True,
        label="Envoyer au payeur", history="Déposée par le maître d’ouvrage",
    ),
    WorksMove(
        action=Action.SEND_TO_SELLER, sources=frozenset({_S.DRAFT}), target=_S.AT_SELLER, of_moa=True,
        label="Envoyer au titulaire", history="Envoyée au titulaire",
    ),
    SellersMove(
        action=Action.ASSOCIATE_AS_SELLER, right=Right.SEND, sources=_AT_MOA | {_S.AT_SELLER}, target=_S.ASSOCIATED, makes=WorksActor.SUPPLIER,
        label="Accepter et faire la pièce suivante", history="Acceptée par le titulaire, qui fait la pièce suivante",
    ),
    SellersMove(
        action=Action.REFUSE_GENERAL, right=Right.ANSWER, sources=frozenset({_S.AT_SELLER}), target=_S.REFUSED_BY_SELLER,
        label="Refuser le décompte général", history="Refusée par le titulaire",
    ),
    SellersMove(
        action=Action.REPLACE_BY_TACIT, right=Right.SEND, sources=_AT_MOE | _AT_MOA, target=_S.REPLACED, makes=WorksActor.SUPPLIER,
        label="Faire un projet de décompte général tacite", history="Remplacée par un projet de décompte général tacite",
    ),
)  # fmt: skip

STATUS_ROWS: dict[Status, StatusRow] = {row.status: row for row in STATUSES}
MOVE_OF: dict[Action, Move] = {move.action: move for move in MOVES}
if rowless := (set(Status) - set(STATUS_ROWS)) | (set(Action) - set(MOVE_OF)):
    raise ValueError(f"without a row: {', '.join(sorted(rowless))}")

# What the portal does with an invoice that nothing keeps back, in one go.
WAY = (MOVE_OF[Action.RELEASE], MOVE_OF[Action.FORWARD], MOVE_OF[Action.MAKE_AVAILABLE])
# Of silence, after which an agreement is taken as given: code de la commande publique, art. R2193-12.
VALIDATION_DAYS = 15
NOT_SENT = frozenset({_S.DRAFT, _S.DELETED})
TO_VALIDATE = frozenset({_S.TO_VALIDATE_1, _S.TO_VALIDATE_2})
_AGREED = MOVE_OF[Action.RELEASE].sources
# Its validators have their say, or had it: the buyer has nothing yet.
IN_VALIDATION = TO_VALIDATE | _AGREED | {_S.REFUSED_1, _S.REFUSED_2, _S.WRONG_VALIDATOR_1, _S.WRONG_VALIDATOR_2}
OF_SECOND = frozenset({_S.TO_VALIDATE_2, _S.VALIDATED_2, _S.REFUSED_2, _S.WRONG_VALIDATOR_2, _S.SILENT_2})
ON_THE_WAY = _AGREED | {_S.DEPOSITED, _S.FORWARDING}
# Over, and nobody owes anything: another one bears another number.
REFUSED = frozenset({_S.REJECTED, _S.REFUSED_1, _S.REFUSED_2, _S.REFUSED_BY_MOE, _S.REFUSED_BY_MOA})
# Pieces of works that do not go to the payer: each is followed by another, or stops.
IN_WORKS = frozenset(row.status for row in STATUSES if row.for_works)
MOE_MUST_ACT, MOA_MUST_ACT = _AT_MOE, _AT_MOA
JUST_ARRIVED_IN_WORKS = frozenset({_S.AT_MOE, _S.AT_MOA})  # who has it is told
FINAL = frozenset(s for s in Status if not any(s in move.sources for move in MOVES))
# What each side never sees: a recipient sees nothing before it has been handed over.
HIDDEN_FROM: dict[Side, frozenset[Status]] = {
    Side.SELLER: frozenset({_S.DELETED}),
    Side.BUYER: NOT_SENT | IN_VALIDATION | IN_WORKS | {_S.DEPOSITED, _S.FORWARDING},
    Side.VALIDATOR: NOT_SENT | IN_WORKS,
    Side.WORKS: NOT_SENT | IN_VALIDATION,
}
BUYER_MUST_ACT = _IN_BUYERS_HANDS
SELLER_MUST_ACT = frozenset(row.status for row in STATUSES if row.mood is Mood.NEEDS_YOU)
SELLER_MAY_HAVE_TO_ACT = SELLER_MUST_ACT | REFUSED  # until they have dealt with it, see `rejections`
# Whose say is waited for, of the first validator and of the second.
FIRST_MUST_ACT, SECOND_MUST_ACT = (
    frozenset(
        source
        for move in MOVES
        if isinstance(move, ValidatorsMove) and move.of_second is is_second
        for source in move.sources
    )
    for is_second in (False, True)
)
# What a supplier who reads lists is mailed of at once all the same.
URGENT_TO_SELLER = (SELLER_MUST_ACT | REFUSED) - NOT_SENT


# The steps of processing that a body may leave out for good (`Structure.unused_steps`); each may be skipped anyway.
OPTIONAL_STEPS = tuple(
    move for move in MOVES if isinstance(move, BuyersMove) and move.target in _PROCESSING and not move.needs_reason
)


def is_left_out(move: Move, unused_steps: str) -> bool:
    """Whether a body with these `Structure.unused_steps` never makes that move."""
    return move in OPTIONAL_STEPS and move.action in unused_steps.split()


def moves_of(*, party: Side) -> tuple[Move, ...]:
    """All that ``party`` may do in the life of an invoice, in the table's order."""
    return tuple(move for move in MOVES if move.party is party)


def moves_from(*, status: Status, party: Side) -> tuple[Move, ...]:
    """What ``party`` may do with an invoice in ``status``, in the table's order."""
    return tuple(move for move in moves_of(party=party) if status in move.sources)


def moves_about(*, cadre: str, moves: Iterable[Move]) -> list[Move]:
    """Of ``moves``, those that an invoice in that cadre may make: who makes a piece of works makes one that answers it."""
    return [
        move
        for move in moves
        if move.makes is None
        or any((move.target is _S.REPLACED) is row.replaces for row in made_from(cadre, by=move.makes))
    ]


# How a piece of works leaves who makes it.
_WORKS_SENDING: dict[tuple[WorksActor, WorksActor], Action] = {
    (WorksActor.SUPPLIER, WorksActor.MOE): Action.SUBMIT_TO_MOE,
    (WorksActor.SUPPLIER, WorksActor.MOA): Action.SUBMIT_TO_MOA,
    (WorksActor.SUPPLIER, WorksActor.PAYER): Action.SUBMIT,
    (WorksActor.MOE, WorksActor.MOA): Action.SEND_TO_MOA,
    (WorksActor.MOE, WorksActor.PAYER): Action.SEND_AS_MOE,
    (WorksActor.MOA, WorksActor.PAYER): Action.SEND_AS_MOA,
    (WorksActor.MOA, WorksActor.SUPPLIER): Action.SEND_TO_SELLER,
}
if unsent := [row.code for row in WORKS_PIECES if row.goes_to and (row.made_by, row.goes_to) not in _WORKS_SENDING]:
    raise ValueError(f"made and never sent: {', '.join(unsent)}")


def sending(*, cadre: str) -> Move:
    """The move by which a draft in that cadre is sent: to the buyer, or first to who has his say before.

    KeyError for a piece of works whose circuit is not here.
    """
    piece = WORKS_PIECE_OF.get(cadre)
    if piece is not None and piece.goes_to is None:
        raise KeyError(cadre)
    if piece is not None and piece.goes_to is not None:
        return MOVE_OF[_WORKS_SENDING[piece.made_by, piece.goes_to]]
    return MOVE_OF[Action.ASK_VALIDATION if cadre in VALIDATED else Action.SUBMIT]
