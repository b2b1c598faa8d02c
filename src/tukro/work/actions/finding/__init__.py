"""What finding work stands on: the open list, draws, marks, saved searches, how requesters behave."""
