/** Currencies whose decimals are not two (ISO 4217); the same table is private.currency_decimals in SQL. */
const zeroDecimals = new Set(
  "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "),
);
const threeDecimals = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));

/** Decimals of a currency: 2 for USD, 0 for JPY. Not Intl's, which leaves out decimals that shops do not write. */
export function decimalsOf(currency: string): number {
  return zeroDecimals.has(currency) ? 0 : threeDecimals.has(currency) ? 3 : 2;
}

/** Minor units as a decimal number of major ones, for contracts that write prices so: 2550 USD is 25.5. */
export function toMajorUnits(minor: number, currency: string): number {
  return minor / 10 ** decimalsOf(currency);
}

/** Major units as minor ones; null when the amount has more decimals than the currency. */
export function toMinorUnits(major: number, currency: string): number | null {
  const scaled = major * 10 ** decimalsOf(currency);
  const minor = Math.round(scaled);
  return Math.abs(scaled - minor) < 1e-6 * Math.max(1, Math.abs(scaled)) ? minor : null;
}
