const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Random text as Stripe's ids and secrets have it. */
export function randomText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join("");
}

/** A new id, such as `pi_...`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomText(24)}`;
}
