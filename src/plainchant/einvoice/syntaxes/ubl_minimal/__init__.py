"""UBL minimal (E2, FSO1110A): header data in UBL, and the document people read."""
