"""The commands of tukro, one module each; main.py lists them with what they need."""
