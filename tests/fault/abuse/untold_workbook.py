"""The child that reads a workbook, with no bound to all its texts together."""

from fieldapp.ask import spreadsheet

spreadsheet.MOST_TOLD = 1 << 40
spreadsheet.main()
