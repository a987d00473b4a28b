const decimals = new Map<string, number>();

/** Decimals of a currency: 2 for USD, 0 for JPY. Asking Intl takes longer than everything else about a price. */
function decimalsOf(currency: string): number {
  let known = decimals.get(currency);
  if (known === undefined) {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    decimals.set(currency, known = format.resolvedOptions().maximumFractionDigits ?? 2);
  }
  return known;
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
