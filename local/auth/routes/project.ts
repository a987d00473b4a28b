import type { Exchange } from "../context.ts";

const cached = { "cache-control": "public, max-age=600" };
const otherProviders = [
  "apple",
  "azure",
  "bitbucket",
  "discord",
  "facebook",
  "figma",
  "fly",
  "github",
  "gitlab",
  "keycloak",
  "kakao",
  "linkedin",
  "linkedin_oidc",
  "notion",
  "slack",
  "slack_oidc",
  "spotify",
  "twitch",
  "twitter",
  "workos",
  "zoom",
];

/** `GET /health` */
export function health(): Promise<Response> {
  return Promise.resolve(Response.json({
    version: "convene",
    name: "GoTrue",
    description: "GoTrue is a user registration and authentication API",
  }));
}

/** `GET /settings`: what a sign-in form needs to know. */
export function settings({ auth: { config } }: Exchange): Promise<Response> {
  return Promise.resolve(Response.json({
    external: {
      anonymous_users: config.anonymousEnabled,
      ...Object.fromEntries(otherProviders.map((provider) => [provider, false])),
      google: config.google.enabled,
      email: config.email.enabled,
      phone: config.sms.enabled,
    },
    disable_signup: !config.signUpEnabled,
    mailer_autoconfirm: config.email.autoConfirm,
    phone_autoconfirm: config.sms.autoConfirm,
    sms_provider: config.sms.enabled ? "twilio_verify" : "",
    saml_enabled: false,
  }));
}

/** `GET /.well-known/jwks.json` */
export function jwks({ auth: { tokens } }: Exchange): Promise<Response> {
  const key = { ...tokens.publicJwk, key_ops: ["verify"], ext: true };
  return Promise.resolve(Response.json({ keys: [key] }, { headers: cached }));
}

/** `GET /.well-known/openid-configuration` */
export function openidConfiguration({ auth: { tokens: { issuer } } }: Exchange): Promise<Response> {
  return Promise.resolve(Response.json({
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    userinfo_endpoint: `${issuer}/oauth/userinfo`,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    code_challenge_methods_supported: ["S256", "plain"],
  }, { headers: cached }));
}
