"""The child that reads a workbook, without a look at how it is packed."""

from fieldapp.ask import spreadsheet

spreadsheet.trouble = lambda archive: None
spreadsheet.main()
