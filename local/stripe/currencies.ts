import { badParameter } from "./fault.ts";

/** Currencies whose smallest unit is the whole one. */
const zeroDecimal = new Set(
  "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "),
);
const threeDecimal = new Set("bhd jod kwd omr tnd".split(" "));

/** They have no minor unit, but Stripe still takes them with two decimals, which must be zero. */
const twoZeroDecimals = new Set(["isk", "ugx"]);

/** The least that can be charged, in minor units, where Stripe publishes it; elsewhere the simulator takes 1. */
const minimums: Record<string, number> = {
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
};

/** Eight digits, as for most of Stripe's currencies. */
const maxAmount = 99_999_999;

let known: Set<string> | undefined;

/** A currency in lower case, as Stripe's objects have it. */
export function checkCurrency(currency: string): string {
  const lower = currency.toLowerCase();
  known ??= new Set(Intl.supportedValuesOf("currency").map((code) => code.toLowerCase()));
  if (!known.has(lower)) throw badParameter("currency", `No such currency: ${currency}`);
  return lower;
}

/** Refuses amounts that cannot be charged. */
export function checkChargeAmount(amount: number, currency: string): void {
  const least = minimums[currency] ?? 1;
  if (amount < least) {
    throw badParameter(
      "amount",
      `At least ${formatMinor(least, currency)} must be charged`,
      amount < 1 ? "parameter_invalid_integer" : "amount_too_small",
    );
  }
  if (amount > maxAmount) {
    throw badParameter(
      "amount",
      `At most ${formatMinor(maxAmount, currency)} can be charged`,
      "amount_too_large",
    );
  }
  checkGranularity(amount, currency);
}

/** Refuses amounts finer than the currency. */
export function checkGranularity(amount: number, currency: string): void {
  const step = threeDecimal.has(currency) ? 10 : twoZeroDecimals.has(currency) ? 100 : 1;
  if (amount % step !== 0) {
    throw badParameter("amount", `Amounts in ${currency.toUpperCase()} must be multiples of ${step}`);
  }
}

/** Minor units as people write them: `12.50 USD`, `1250 JPY`. */
export function formatMinor(amount: number, currency: string): string {
  const digits = zeroDecimal.has(currency) ? 0 : threeDecimal.has(currency) ? 3 : 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency.toUpperCase()}`;
}
