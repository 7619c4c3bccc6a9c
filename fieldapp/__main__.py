"""`python -m fieldapp` runs the command line."""

from fieldapp.cli import main

if __name__ == "__main__":
    main()
