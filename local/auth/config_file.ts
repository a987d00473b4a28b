import { parse, type TomlTable } from "smol-toml";
import type { AuthConfig, EmailConfig, GoogleConfig, RateLimits, SmsConfig } from "./config.ts";
import { parseDuration } from "./duration.ts";

const file = new URL("../../supabase/config.toml", import.meta.url);

/** What config.toml cannot say, or what a test says differently. */
export interface AuthOverrides {
  siteUrl?: string;
  redirectUrls?: string[];
  email?: Partial<EmailConfig>;
  sms?: Partial<SmsConfig>;
  google?: Partial<GoogleConfig>;
  limits?: Partial<RateLimits>;
  /** Limits that no developer reaches by hand. */
  generousLimits?: boolean;
  anonymousEnabled?: boolean;
  forwardedForEnabled?: boolean;
  passwordHashCost?: number;
  /** Resolves `env(NAME)` in the file. */
  env?: (name: string) => string | undefined;
}

const generous: Omit<RateLimits, "emailsPerHour" | "smsPerHour"> = {
  tokensPerFiveMinutes: 100_000,
  verificationsPerFiveMinutes: 100_000,
  signInsPerFiveMinutes: 100_000,
  anonymousSignInsPerHour: 100_000,
  burst: 100_000,
};

const passwordRequirements: Record<string, string[]> = {
  letters_digits: ["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"],
  lower_upper_letters_digits: ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"],
  lower_upper_letters_digits_symbols: [
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789",
    "!@#$%^&*()_+-=[]{};'\\:\"|<>?,./`~",
  ],
};

/** Reads `supabase/config.toml`, so that the embedded stack and hosted projects have one set of settings. */
export async function readAuthConfig(overrides: AuthOverrides = {}): Promise<AuthConfig> {
  const section = reader(
    parse(await Deno.readTextFile(file)),
    overrides.env ?? ((name) => Deno.env.get(name)),
  );
  const auth = section("auth");
  return {
    siteUrl: overrides.siteUrl ?? (auth.text("site_url", "") || "http://127.0.0.1:3000"),
    redirectUrls: overrides.redirectUrls ?? auth.texts("additional_redirect_urls"),
    jwtExpirySeconds: auth.number("jwt_expiry", 3600),
    refreshTokenRotation: auth.flag("enable_refresh_token_rotation", true),
    refreshTokenReuseSeconds: auth.number("refresh_token_reuse_interval", 10),
    sessionInactivityMs: section("auth", "sessions").milliseconds("inactivity_timeout", "0s"),
    signUpEnabled: auth.flag("enable_signup", true),
    anonymousEnabled: overrides.anonymousEnabled ?? auth.flag("enable_anonymous_sign_ins", false),
    password: {
      minLength: auth.number("minimum_password_length", 6),
      requiredCharacters: passwordRequirements[auth.text("password_requirements", "")] ?? [],
      hashCost: overrides.passwordHashCost ?? 6,
    },
    email: { ...readEmail(section("auth", "email")), ...overrides.email },
    sms: { ...readSms(section("auth", "sms")), ...overrides.sms },
    google: { ...readGoogle(section("auth", "external", "google")), ...overrides.google },
    limits: {
      ...readLimits(section("auth", "rate_limit")),
      ...(overrides.generousLimits ? { ...generous, emailsPerHour: 100_000, smsPerHour: 100_000 } : {}),
      ...overrides.limits,
    },
    forwardedForEnabled: overrides.forwardedForEnabled ?? true,
  };
}

function readEmail(email: Section): EmailConfig {
  return {
    enabled: email.flag("enabled", true),
    autoConfirm: !email.flag("enable_confirmations", false),
    secureChange: email.flag("double_confirm_changes", true),
    reauthenticateForPassword: email.flag("secure_password_change", false),
    maxFrequencyMs: email.milliseconds("max_frequency", "60s"),
    codeLength: email.number("otp_length", 6),
    codeExpirySeconds: email.number("otp_expiry", 3600),
  };
}

/** The cap of attempts is Twilio Verify's, which sends and checks the codes in production. */
function readSms(sms: Section): SmsConfig {
  return {
    enabled: sms.flag("enabled", false),
    autoConfirm: !sms.flag("enable_confirmations", false),
    maxFrequencyMs: sms.milliseconds("max_frequency", "60s"),
    codeLength: sms.number("otp_length", 6),
    codeExpirySeconds: sms.number("otp_expiry", 60),
    attemptsPerCode: 5,
  };
}

function readGoogle(google: Section): GoogleConfig {
  return {
    enabled: google.flag("enabled", false),
    clientIds: google.text("client_id", "").split(",").map((id) => id.trim()).filter(Boolean),
    secret: google.text("secret", ""),
    skipNonceCheck: google.flag("skip_nonce_check", false),
    issuer: "https://accounts.google.com",
    jwksUrl: "https://www.googleapis.com/oauth2/v3/certs",
  };
}

function readLimits(limits: Section): RateLimits {
  return {
    tokensPerFiveMinutes: limits.number("token_refresh", 150),
    verificationsPerFiveMinutes: limits.number("token_verifications", 30),
    signInsPerFiveMinutes: limits.number("sign_in_sign_ups", 30),
    anonymousSignInsPerHour: limits.number("anonymous_users", 30),
    burst: 30,
    emailsPerHour: limits.number("email_sent", 30),
    smsPerHour: limits.number("sms_sent", 30),
  };
}

type Section = ReturnType<ReturnType<typeof reader>>;

/** Typed access to one table of the file; `env(NAME)` without a value is empty. */
function reader(root: TomlTable, env: (name: string) => string | undefined) {
  return (...path: string[]) => {
    const table = path.reduce<unknown>((at, key) => isTable(at) ? at[key] : undefined, root);
    const value = (key: string) => isTable(table) ? table[key] : undefined;
    const text = (key: string, otherwise: string) => {
      const found = value(key);
      if (typeof found !== "string") return otherwise;
      const [, variable] = /^env\((\w+)\)$/.exec(found) ?? [];
      return variable ? env(variable) ?? "" : found;
    };
    return {
      text,
      texts: (key: string) => {
        const found = value(key);
        return Array.isArray(found) ? found.filter((item) => typeof item === "string") : [];
      },
      flag: (key: string, otherwise: boolean) => {
        const found = value(key);
        return typeof found === "boolean" ? found : otherwise;
      },
      number: (key: string, otherwise: number) => {
        const found = value(key);
        return typeof found === "number" ? found : otherwise;
      },
      milliseconds: (key: string, otherwise: string) => parseDuration(text(key, otherwise)) ?? 0,
    };
  };
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
