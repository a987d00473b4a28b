import { z } from "@hono/zod-openapi";

/** So many requests in so many seconds. */
export interface Quota {
  max: number;
  windowSeconds: number;
}

/** How often an endpoint may be called: by who is signed in, and from the address of who is not. */
export interface ApiQuotas {
  user: Quota;
  address: Quota;
}

/** Whose meetings new ones are [MEETINGS], and how each vendor is reached; null where it is not configured. */
export interface MeetingSettings {
  kind: "jitsi" | "daily" | "zoom";
  /** [JITSI_BASE_URL] */
  jitsiUrl: string;
  /** [DAILY_API_KEY, DAILY_BASE_URL] */
  daily: { apiKey: string; baseUrl: string } | null;
  /** [ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET, ZOOM_BASE_URL, ZOOM_AUTH_BASE_URL] */
  zoom:
    | { accountId: string; clientId: string; clientSecret: string; baseUrl: string; authUrl: string }
    | null;
}

/** Settings of the functions. Names in brackets are the environment variables. */
export interface Config {
  /** Base of the project's APIs [SUPABASE_URL]. */
  supabaseUrl: string;
  publishableKey: string;
  secretKey: string;
  /** Who signs access tokens [JWT_ISSUER]; default: the project's Auth. */
  issuer: string;
  /** Origins that browsers may call from [CORS_ORIGINS, comma-separated]; default: any, without credentials. */
  corsOrigins: string[];
  /** Header in which the platform writes the client's address [CLIENT_IP_HEADER]; without it none is known. */
  clientIpHeader: string | null;
  /** Requests slower than this are always logged [LOG_SLOW_MS]. */
  slowMs: number;
  /** Successful requests logged per second and instance [LOG_PER_SECOND]. */
  logPerSecond: number;
  /** Answers of the database, or of Upstash in its place, later than this count as an outage [DATABASE_TIMEOUT_MS]. */
  databaseTimeoutMs: number;
  /** Vendors' answers later than this are failures [VENDOR_TIMEOUT_MS]. */
  vendorTimeoutMs: number;
  /** Requests per user or address to any endpoint [RATE_LIMIT_API]. */
  apiQuota: Quota;
  /** The same of the consulting contract, whose document sets its own [RATE_LIMIT_CONSULTING_ADDRESS, RATE_LIMIT_CONSULTING_USER]. */
  consultingQuotas: ApiQuotas;
  /** Sign-ups, sign-ins and codes per address, and per e-mail or phone [RATE_LIMIT_SIGN_IN]. */
  signInQuota: Quota;
  /** Codes by SMS: seconds between two to one phone [CODE_INTERVAL_SECONDS], per phone [RATE_LIMIT_CODES_PHONE], per address [RATE_LIMIT_CODES_ADDRESS]. */
  codeLimits: { intervalSeconds: number; phone: Quota; address: Quota };
  /** Secrets that seal cookies; the first seals, all open [COOKIE_KEY, comma-separated for rotation]. */
  cookieKeys: string[];
  /** Which requests of other sites carry our cookies [COOKIE_SAME_SITE]. */
  cookieSameSite: "lax" | "none";
  /** Requests per user to the payment endpoints [RATE_LIMIT_PAYMENTS]. */
  paymentQuota: Quota;
  /** Shared counters of limits [UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN]. */
  upstash: { url: string; token: string } | null;
  /** Tokens that may call the worker [WORKER_TOKEN, comma-separated for rotation]. */
  workerTokens: string[];
  /** Whether a command asks the worker to deliver at once what it wrote, or leaves it to the schedule [WAKE_WORKER]. */
  wakesWorker: boolean;
  /** Mail through Resend [RESEND_API_KEY, MAIL_FROM, RESEND_BASE_URL]. */
  mail: { apiKey: string; from: string; baseUrl: string } | null;
  /**
   * Stripe [STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_BASE_URL]; null: no payments. Each webhook endpoint has a
   * secret of its own, and several while rotating: comma-separated.
   */
  stripe: { secretKey: string; webhookSecrets: string[]; baseUrl: string | undefined } | null;
  /** The platform's share of each payment in percent [PLATFORM_FEE_PERCENT]. */
  platformFeePercent: number;
  /** Hours from a session's completion to the transfer of the provider's share [PAYOUT_DELAY_HOURS]. */
  payoutDelayHours: number;
  /** The CRM that hears of bookings, by default our own, and the token for it [CRM_SERVICE_URL, first of CRM_BEARER_TOKEN]. */
  crm: { url: string; token: string } | null;
  /** So long a booking's answer waits to say whether the CRM took it [CRM_WAIT_MS]. */
  crmWaitMs: number;
  /** Tokens that may call our own CRM [CRM_BEARER_TOKEN, comma-separated for rotation]. */
  crmTokens: string[];
  /** Where one-to-one bookings meet. */
  meetings: MeetingSettings;
}

// One schema for each kind of setting: each takes its time to make, and every function makes them at its start.
const quota = z.string().regex(/^\d+\/\d+$/, "must look like 300/60 (requests/seconds)")
  .transform((text): Quota => {
    const [max = 1, windowSeconds = 1] = text.split("/").map(Number);
    return { max, windowSeconds };
  });
const positive = z.coerce.number().int().positive();
const count = z.coerce.number().int().nonnegative();
const text = z.string().optional();
const address = z.url().optional();
const list = z.string().default("").transform((text) =>
  text.split(",").map((item) => item.trim()).filter(Boolean)
);

const baseUrl = z.url().transform((url) => url.replace(/\/+$/, ""));

/** The CRM document prints it as a default; whoever has read it would be let in. */
const publishedCrmToken = "crm-static-bearer-token-123";

const Environment = z.object({
  SUPABASE_URL: z.url(),
  SUPABASE_PUBLISHABLE_KEYS: text,
  SUPABASE_SECRET_KEYS: text,
  SUPABASE_ANON_KEY: text,
  SUPABASE_SERVICE_ROLE_KEY: text,
  JWT_ISSUER: text,
  CORS_ORIGINS: list,
  CLIENT_IP_HEADER: text,
  LOG_SLOW_MS: positive.default(1000),
  LOG_PER_SECOND: count.default(5),
  DATABASE_TIMEOUT_MS: positive.default(2500),
  VENDOR_TIMEOUT_MS: positive.default(10_000),
  RATE_LIMIT_API: quota.prefault("300/60"),
  RATE_LIMIT_CONSULTING_ADDRESS: quota.prefault("100/60"),
  RATE_LIMIT_CONSULTING_USER: quota.prefault("1000/60"),
  RATE_LIMIT_SIGN_IN: quota.prefault("30/300"),
  CODE_INTERVAL_SECONDS: count.default(60),
  RATE_LIMIT_CODES_PHONE: quota.prefault("10/86400"),
  RATE_LIMIT_CODES_ADDRESS: quota.prefault("50/86400"),
  COOKIE_KEY: list.refine(
    (keys) => keys.every((key) => key.length >= 32),
    "must have at least 32 characters per key",
  ),
  COOKIE_SAME_SITE: z.enum(["lax", "none"], "must be lax or none").default("lax"),
  RATE_LIMIT_PAYMENTS: quota.prefault("10/60"),
  UPSTASH_REDIS_REST_URL: address,
  UPSTASH_REDIS_REST_TOKEN: text,
  WORKER_TOKEN: list,
  WAKE_WORKER: z.enum(["true", "false"], "must be true or false").default("true"),
  RESEND_API_KEY: text,
  RESEND_BASE_URL: z.url().default("https://api.resend.com"),
  MAIL_FROM: text,
  STRIPE_SECRET_KEY: text,
  STRIPE_WEBHOOK_SECRET: list,
  STRIPE_BASE_URL: address,
  PLATFORM_FEE_PERCENT: z.coerce.number().min(0).max(100).default(15),
  PAYOUT_DELAY_HOURS: z.coerce.number().int().min(0).max(8760).default(24),
  CRM_SERVICE_URL: address,
  CRM_WAIT_MS: positive.max(10_000).default(1000),
  CRM_BEARER_TOKEN: list.transform((tokens) => tokens.filter((token) => token !== publishedCrmToken)),
  MEETINGS: z.enum(["jitsi", "daily", "zoom"]).default("jitsi"),
  JITSI_BASE_URL: baseUrl.prefault("https://meet.jit.si"),
  DAILY_API_KEY: text,
  DAILY_BASE_URL: baseUrl.prefault("https://api.daily.co/v1"),
  ZOOM_ACCOUNT_ID: text,
  ZOOM_CLIENT_ID: text,
  ZOOM_CLIENT_SECRET: text,
  ZOOM_BASE_URL: baseUrl.prefault("https://api.zoom.us/v2"),
  ZOOM_AUTH_BASE_URL: baseUrl.prefault("https://zoom.us"),
});

/**
 * Reads the settings.
 *
 * @throws {Error} naming every variable that is missing or malformed, without its value
 */
export function readConfig(env: (name: string) => string | undefined): Config {
  const names = Object.keys(Environment.shape);
  const parsed = Environment.safeParse(
    Object.fromEntries(names.map((name) => [name, env(name) || undefined])),
    // Read once: zod would first compile code to read it faster, for 4 ms of each start.
    { jitless: true },
  );
  if (!parsed.success) {
    throw new Error(
      `Configuration: ${
        parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")
      }`,
    );
  }
  const values = parsed.data;
  const supabaseUrl = values.SUPABASE_URL.replace(/\/+$/, "");
  return {
    supabaseUrl,
    publishableKey: defaultKey(values.SUPABASE_PUBLISHABLE_KEYS) ?? values.SUPABASE_ANON_KEY ?? "",
    secretKey: defaultKey(values.SUPABASE_SECRET_KEYS) ?? values.SUPABASE_SERVICE_ROLE_KEY ?? "",
    issuer: values.JWT_ISSUER ?? `${supabaseUrl}/auth/v1`,
    corsOrigins: values.CORS_ORIGINS,
    clientIpHeader: values.CLIENT_IP_HEADER ?? null,
    slowMs: values.LOG_SLOW_MS,
    logPerSecond: values.LOG_PER_SECOND,
    databaseTimeoutMs: values.DATABASE_TIMEOUT_MS,
    vendorTimeoutMs: values.VENDOR_TIMEOUT_MS,
    apiQuota: values.RATE_LIMIT_API,
    consultingQuotas: {
      user: values.RATE_LIMIT_CONSULTING_USER,
      address: values.RATE_LIMIT_CONSULTING_ADDRESS,
    },
    signInQuota: values.RATE_LIMIT_SIGN_IN,
    codeLimits: {
      intervalSeconds: values.CODE_INTERVAL_SECONDS,
      phone: values.RATE_LIMIT_CODES_PHONE,
      address: values.RATE_LIMIT_CODES_ADDRESS,
    },
    cookieKeys: values.COOKIE_KEY,
    cookieSameSite: values.COOKIE_SAME_SITE,
    paymentQuota: values.RATE_LIMIT_PAYMENTS,
    upstash: both(values.UPSTASH_REDIS_REST_URL, values.UPSTASH_REDIS_REST_TOKEN),
    workerTokens: values.WORKER_TOKEN,
    wakesWorker: values.WAKE_WORKER === "true",
    mail: values.RESEND_API_KEY && values.MAIL_FROM
      ? { apiKey: values.RESEND_API_KEY, from: values.MAIL_FROM, baseUrl: values.RESEND_BASE_URL }
      : null,
    stripe: values.STRIPE_SECRET_KEY
      ? {
        secretKey: values.STRIPE_SECRET_KEY,
        webhookSecrets: values.STRIPE_WEBHOOK_SECRET,
        baseUrl: values.STRIPE_BASE_URL,
      }
      : null,
    platformFeePercent: values.PLATFORM_FEE_PERCENT,
    payoutDelayHours: values.PAYOUT_DELAY_HOURS,
    crm: both(values.CRM_SERVICE_URL ?? `${supabaseUrl}/functions/v1/crm`, values.CRM_BEARER_TOKEN[0]),
    crmWaitMs: values.CRM_WAIT_MS,
    crmTokens: values.CRM_BEARER_TOKEN,
    meetings: meetingSettings(values),
  };
}

function meetingSettings(values: z.output<typeof Environment>): MeetingSettings {
  const { ZOOM_ACCOUNT_ID: accountId, ZOOM_CLIENT_ID: clientId, ZOOM_CLIENT_SECRET: clientSecret } = values;
  return {
    kind: values.MEETINGS,
    jitsiUrl: values.JITSI_BASE_URL,
    daily: values.DAILY_API_KEY ? { apiKey: values.DAILY_API_KEY, baseUrl: values.DAILY_BASE_URL } : null,
    zoom: accountId && clientId && clientSecret
      ? {
        accountId,
        clientId,
        clientSecret,
        baseUrl: values.ZOOM_BASE_URL,
        authUrl: values.ZOOM_AUTH_BASE_URL,
      }
      : null,
  };
}

/** Hosted projects name their keys: `{"default": "sb_..."}`. */
function defaultKey(json: string | undefined): string | undefined {
  return json ? z.record(z.string(), z.string()).parse(JSON.parse(json)).default : undefined;
}

function both(url: string | undefined, token: string | undefined): { url: string; token: string } | null {
  return url && token ? { url: url.replace(/\/+$/, ""), token } : null;
}
