"""What an artist-author who works for public bodies needs: which document, its lines and VAT, a note for the payer.

For a form: `situations_for` gives the choices, `Situation.questions` what to ask, `check_answers` what to say beside
each question, `lines_for` the lines. Plain tables and functions: the day is given, nothing is stored.
"""

from .dispense import Dispense, dispense_on
from .lines import AnswersWanted, LineProposal, NothingToInvoice, check_answers, lines_for, nature_of, situations_for
from .note import PayerNote, draw_note, note_for
from .questions import AnswerChoice, Question
from .situation import Attachment, AuthorDocument, Situation
from .situation_table import SITUATION_OF, SITUATIONS

__all__ = [
    "SITUATIONS",
    "SITUATION_OF",
    "AnswerChoice",
    "AnswersWanted",
    "Attachment",
    "AuthorDocument",
    "Dispense",
    "LineProposal",
    "NothingToInvoice",
    "PayerNote",
    "Question",
    "Situation",
    "check_answers",
    "dispense_on",
    "draw_note",
    "lines_for",
    "nature_of",
    "note_for",
    "situations_for",
]
