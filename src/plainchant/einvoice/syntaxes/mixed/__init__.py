"""CPPFactureMixte: Chorus Pro's own XML for header data and the document people read (E2, FSO1113A)."""
