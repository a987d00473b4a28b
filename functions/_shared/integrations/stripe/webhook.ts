import type { Stripe } from "stripe";
import { AppError } from "../../http/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { openStripe } from "./open.ts";

/** An event older than this is not believed: somebody may have kept it. */
const toleranceSeconds = 300;

/**
 * The event of a webhook, whose signature covers the bytes that arrived.
 *
 * @throws {AppError} INVALID_SIGNATURE unless Stripe signed it with one of our secrets within five minutes;
 * PAYMENTS_NOT_CONFIGURED
 */
export async function verifyWebhook(
  runtime: Runtime,
  body: string,
  signature: string | undefined,
): Promise<Stripe.Event> {
  const secrets = runtime.config.stripe?.webhookSecrets ?? [];
  if (secrets.length === 0) throw new AppError("PAYMENTS_NOT_CONFIGURED");
  const stripe = await openStripe(runtime);
  let problem = "";
  for (const secret of secrets) {
    try {
      return await stripe.webhooks.constructEventAsync(
        body,
        signature ?? "",
        secret,
        toleranceSeconds,
        undefined,
        runtime.now().getTime(),
      );
    } catch (error) {
      problem = (error as Error).name;
    }
  }
  throw new AppError("INVALID_SIGNATURE", { cause: new Error(problem) });
}
