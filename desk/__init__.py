"""The hotline desk: one function for each thing that a person or the clock can do, who may do it, and the wording."""
