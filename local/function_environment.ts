import { clientIpHeader } from "./functions.ts";
import type { ProjectKeys } from "./keys.ts";
import type { StripeCredentials } from "./stripe/simulator.ts";

/**
 * The environment of the functions: what the hosted platform provides, development's keys for vendors that the stack
 * itself plays, and limits that do not stand in a developer's way. `own` stands above all of it; whoever brings a key of
 * Stripe gets Stripe itself.
 */
export function functionEnvironment(
  url: string,
  keys: ProjectKeys,
  own: Record<string, string> = {},
  stripe: StripeCredentials | null = null,
): Record<string, string> {
  return {
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
    CLIENT_IP_HEADER: clientIpHeader,
    RATE_LIMIT_API: "100000/60",
    RATE_LIMIT_CONSULTING_ADDRESS: "100000/60",
    RATE_LIMIT_CONSULTING_USER: "100000/60",
    RATE_LIMIT_SIGN_IN: "10000/60",
    RATE_LIMIT_CODES_PHONE: "10000/60",
    RATE_LIMIT_CODES_ADDRESS: "10000/60",
    COOKIE_KEY: keys.cookieKey,
    RATE_LIMIT_PAYMENTS: "10000/60",
    LOG_PER_SECOND: "1000",
    WORKER_TOKEN: keys.workerToken,
    CRM_SERVICE_URL: `${url}/functions/v1/crm`,
    CRM_BEARER_TOKEN: keys.workerToken,
    RESEND_API_KEY: keys.workerToken,
    RESEND_BASE_URL: `${url}/simulators/resend`,
    MAIL_FROM: "Convene <no-reply@convene.localhost>",
    ...(stripe && !own.STRIPE_SECRET_KEY ? stripeEnvironment(stripe) : {}),
    ...own,
  };
}

function stripeEnvironment(credentials: StripeCredentials): Record<string, string> {
  const { secretKey, webhookSecret, connectWebhookSecret, baseUrl } = credentials;
  return {
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: `${webhookSecret},${connectWebhookSecret}`,
    STRIPE_BASE_URL: baseUrl,
  };
}
