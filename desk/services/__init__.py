"""Services that a contract counts: entered by the vendor, confirmed by the bureau, shown to both, reminded of."""
