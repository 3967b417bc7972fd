"""CII 16B minimal (E2, FSO1116A): CII with the terms Chorus Pro looks at, and the document people read.

It is read as any CII (`syntaxes.cii.read`): every element it has means the same there.
"""
