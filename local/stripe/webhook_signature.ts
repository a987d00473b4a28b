/** The `Stripe-Signature` header of a webhook's raw body; `at` is in seconds since 1970. */
export async function signWebhook(body: string, secret: string, at: number): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign(algorithm, key, encoder.encode(`${at}.${body}`));
  return `t=${at},v1=${new Uint8Array(signature).toHex()}`;
}
