import type { Stripe } from "stripe";
import { z } from "@hono/zod-openapi";
import { asked } from "../integrations/stripe/errors.ts";
import { accountFacts } from "../integrations/stripe/objects.ts";
import { openStripe } from "../integrations/stripe/open.ts";
import type { Runtime } from "../runtime.ts";
import { adminDb, call, type Db, rowsOf, type Tables } from "./db.ts";

export type ProviderAccount = Tables["provider_accounts"]["Row"];

const Swept = z.object({ differences: z.array(z.unknown()).nullable() });

/** Orders transfers that are due; answers where the ledger does not add up, when it was proved. */
export async function sweepPayouts(
  db: Db,
  { platformFeePercent, payoutDelayHours }: { platformFeePercent: number; payoutDelayHours: number },
): Promise<unknown[]> {
  const swept = Swept.parse(
    await call(db, "sweep_money", { fee_percent: platformFeePercent, payout_delay_hours: payoutDelayHours }),
  );
  return swept.differences ?? [];
}

/** The signed-in provider's account at Stripe; null before they began. */
export function readMyAccount(db: Db, providerId: string): Promise<ProviderAccount | null> {
  return rowsOf(db.client.from("provider_accounts").select().eq("provider_id", providerId).maybeSingle());
}

/**
 * The account as Stripe knows it now, for a provider who comes back from there.
 *
 * @throws {AppError} TRY_AGAIN, PAYMENTS_NOT_CONFIGURED
 */
export async function refreshAccount(runtime: Runtime, account: ProviderAccount): Promise<ProviderAccount> {
  const stripe = await openStripe(runtime);
  const facts = accountFacts(await asked(() => stripe.accounts.retrieve(account.stripe_account_id)));
  await call(adminDb(runtime), "record_account", { account: facts });
  return { ...account, ...facts, provider_id: account.provider_id };
}

/**
 * A page of Stripe where the signed-in provider gives what payouts need. It can be used once and for minutes.
 *
 * @param options.returnUrl where Stripe leads back to; also where a stale link leads
 * @throws {AppError} NOT_A_PROVIDER, TRY_AGAIN, PAYMENTS_NOT_CONFIGURED
 */
export async function startOnboarding(
  runtime: Runtime,
  db: Db,
  { returnUrl, country }: { returnUrl: string; country?: string | undefined },
): Promise<{ url: string; expiresAt: Date }> {
  const stripe = await openStripe(runtime);
  const providerId = await call(db, "my_provider", {});
  const known = await readMyAccount(db, providerId);
  const accountId = known?.stripe_account_id ?? await openAccount(runtime, stripe, { providerId, country });
  const link = await asked(() =>
    stripe.accountLinks.create({
      account: accountId,
      type: "account_onboarding",
      return_url: returnUrl,
      refresh_url: returnUrl,
    }, { idempotencyKey: `account-link-${crypto.randomUUID()}` })
  );
  return { url: link.url, expiresAt: new Date(link.expires_at * 1000) };
}

async function openAccount(
  runtime: Runtime,
  stripe: Stripe,
  { providerId, country }: { providerId: string; country: string | undefined },
): Promise<string> {
  const account = await asked(() =>
    stripe.accounts.create({
      type: "express",
      ...(country ? { country } : {}),
      capabilities: { transfers: { requested: true } },
      metadata: { provider_id: providerId },
    }, { idempotencyKey: `account-${providerId}${country ? `-${country}` : ""}` })
  );
  await call(adminDb(runtime), "record_account", { account: accountFacts(account) });
  return account.id;
}
