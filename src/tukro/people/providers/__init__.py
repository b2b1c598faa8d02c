"""Who carries text messages and letters for the house: one file each, behind one interface for either."""
