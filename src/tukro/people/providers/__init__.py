"""Who carries text messages for the house: one file each, all behind one interface."""
