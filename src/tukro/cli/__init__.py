"""The command line: ./tukro from a clone, .venv/bin/tukro, python -m tukro.cli. One module per command."""
