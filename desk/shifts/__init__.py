"""Around a change of shift: hand-over cards, the check before a shift, swaps and orders to stand in."""
