"""The child that reads a form, with twice the memory and twice the time."""

import sys

from fieldapp.ask import xlsform

xlsform.MEMORY *= 2
xlsform.CPU_SECONDS *= 2
xlsform.main(sys.argv[1:])
