"""The MTurk wire: 39 operations, so that MTurk's clients run here by changing one address."""
