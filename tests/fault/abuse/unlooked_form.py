"""The child that reads a form, without a look at how it is packed."""

import sys

from fieldapp.ask import excel, xlsform

excel.trouble = lambda archive: None
xlsform.main(sys.argv[1:])
