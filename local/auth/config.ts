/** How many requests one address may make; GoTrue's token buckets refill over five minutes. */
export interface RateLimits {
  /** `/token`, whatever the grant. */
  tokensPerFiveMinutes: number;
  /** `/verify`. */
  verificationsPerFiveMinutes: number;
  /** `/signup`, `/otp`, `/magiclink`, `/recover`, `/resend` and `PUT /user`, a bucket for each. */
  signInsPerFiveMinutes: number;
  anonymousSignInsPerHour: number;
  /** How many requests a bucket holds when it is full. */
  burst: number;
  /** For the whole project; counted only while addresses need confirming, as GoTrue does. */
  emailsPerHour: number;
  /** For the whole project. */
  smsPerHour: number;
}

export interface EmailConfig {
  enabled: boolean;
  /** New addresses count as confirmed at once. */
  autoConfirm: boolean;
  /** A change of address must be confirmed by the old address too. */
  secureChange: boolean;
  /** A new password needs a nonce when the session is older than a day. */
  reauthenticateForPassword: boolean;
  maxFrequencyMs: number;
  codeLength: number;
  codeExpirySeconds: number;
}

export interface SmsConfig {
  enabled: boolean;
  autoConfirm: boolean;
  maxFrequencyMs: number;
  codeLength: number;
  codeExpirySeconds: number;
  /** After this many tries a code is dead, as with Twilio Verify. */
  attemptsPerCode: number;
}

export interface GoogleConfig {
  enabled: boolean;
  /** Accepted in `aud`; the first one is ours. */
  clientIds: string[];
  secret: string;
  skipNonceCheck: boolean;
  issuer: string;
  jwksUrl: string;
}

export interface PasswordConfig {
  minLength: number;
  /** One character of each set is required. */
  requiredCharacters: string[];
  /** bcrypt's cost; the data of the embedded stack stays on this machine, so tests need not wait for 10. */
  hashCost: number;
}

/** The settings of Supabase Auth that the embedded stack knows. */
export interface AuthConfig {
  siteUrl: string;
  /** Further targets of redirects: globs with `.` and `/` as separators. */
  redirectUrls: string[];
  jwtExpirySeconds: number;
  refreshTokenRotation: boolean;
  refreshTokenReuseSeconds: number;
  /** A session that was not refreshed for so long is over; 0: never. */
  sessionInactivityMs: number;
  signUpEnabled: boolean;
  anonymousEnabled: boolean;
  password: PasswordConfig;
  email: EmailConfig;
  sms: SmsConfig;
  google: GoogleConfig;
  limits: RateLimits;
  /** `security_sb_forwarded_for_enabled`: the secret key may name the address of its user. */
  forwardedForEnabled: boolean;
}

/**
 * What lite needs to know of the same settings: it serves `/authorize` and `/callback`.
 *
 * @param projectUrl where this API is reached; Google sends the browser back there
 */
export function liteAuthOptions(config: AuthConfig, projectUrl: string): Record<string, unknown> {
  return {
    additional_redirect_urls: config.redirectUrls,
    enable_signup: config.signUpEnabled,
    enable_refresh_token_rotation: config.refreshTokenRotation,
    refresh_token_reuse_interval: config.refreshTokenReuseSeconds,
    minimum_password_length: config.password.minLength,
    email: {
      enable_signup: config.email.enabled,
      enable_confirmations: !config.email.autoConfirm,
      double_confirm_changes: config.email.secureChange,
      otp_length: config.email.codeLength,
      otp_expiry: config.email.codeExpirySeconds,
    },
    external: {
      google: {
        enabled: config.google.enabled,
        client_id: config.google.clientIds.join(","),
        secret: config.google.secret,
        redirect_uri: `${projectUrl}/auth/v1/callback`,
        skip_nonce_check: config.google.skipNonceCheck,
      },
    },
  };
}
