"""Dated facts of law: VAT rates, exemptions, mentions, regimes, thresholds, charges; each row dated and sourced."""
