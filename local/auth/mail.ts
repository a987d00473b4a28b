import { createCode, tokenHash } from "./codes.ts";
import type { Exchange, Work } from "./context.ts";
import { validationFailed } from "./errors.ts";
import { checkFrequency } from "./frequency.ts";
import { type Challenge, flowToken } from "./pkce.ts";
import { redirectTarget } from "./redirects.ts";
import { updateUser, type UserRow } from "./users.ts";

const addressFormat =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

/**
 * An address in lower case.
 *
 * @throws {AuthError} when it cannot be one
 */
export function normalizeEmail(email: string): string {
  if (email === "") throw validationFailed("An email address is required");
  if (email.length > 255) throw validationFailed("An email address is too long");
  if (!addressFormat.test(email)) throw validationFailed("Unable to validate email address: invalid format");
  return email.toLowerCase();
}

/** The `type` in a mail's link. */
export type LinkType = "signup" | "magiclink" | "recovery" | "invite" | "email_change";

const mails: Record<LinkType, { subject: string; purpose: string }> = {
  signup: { subject: "Confirm Your Email", purpose: "confirm your account" },
  magiclink: { subject: "Your Magic Link", purpose: "sign in" },
  recovery: { subject: "Reset Your Password", purpose: "reset your password" },
  invite: { subject: "You have been invited", purpose: "accept the invitation" },
  email_change: { subject: "Confirm Email Change", purpose: "confirm the change of your address" },
};

/** The link that a mail carries. It leads to this API, which redirects to the target. */
export function actionLink(exchange: Exchange, { type, token, redirectTo }: {
  type: LinkType;
  token: string;
  redirectTo: string;
}): string {
  const link = new URL("/auth/v1/verify", exchange.url.origin);
  link.search = new URLSearchParams({ token, type, redirect_to: redirectTo }).toString();
  return link.href;
}

interface Mail {
  to: string;
  type: LinkType;
  code: string;
  token: string;
}

function sendMail(work: Work, { to, type, code, token }: Mail): void {
  if (!work.auth.config.email.autoConfirm) work.auth.limits.takeEmail();
  const { subject, purpose } = mails[type];
  const link = actionLink(work.exchange, { type, token, redirectTo: redirectTarget(work.exchange) });
  const text = `Follow this link to ${purpose}:\n${link}\n\nAlternatively, enter the code: ${code}`;
  work.send({ kind: "email", to, subject, text });
}

function checkMailFrequency({ auth, now }: Work, sentAt: string | null): void {
  const { maxFrequencyMs } = auth.config.email;
  checkFrequency(sentAt, { maxFrequencyMs, code: "over_email_send_rate_limit", now });
}

/** Asks the owner of the address to confirm a sign-up, or to accept an invitation. */
export async function sendConfirmation(
  work: Work,
  { user, type, challenge }: { user: UserRow; type: "signup" | "invite"; challenge: Challenge | null },
): Promise<UserRow> {
  if (type === "signup") checkMailFrequency(work, user.confirmation_sent_at);
  const code = createCode(work.auth.config.email.codeLength);
  const token = flowToken(tokenHash(user.email ?? "", code), challenge);
  sendMail(work, { to: user.email ?? "", type, code, token });
  const at = work.now.toISOString();
  return await updateUser(work, user.id, {
    confirmation_token: token,
    confirmation_sent_at: at,
    ...(type === "invite" ? { invited_at: at } : {}),
  });
}

/** Sends a link and code that sign in; for GoTrue a magic link is a recovery with another text. */
export async function sendRecovery(
  work: Work,
  { user, type, challenge }: { user: UserRow; type: "magiclink" | "recovery"; challenge: Challenge | null },
): Promise<UserRow> {
  checkMailFrequency(work, user.recovery_sent_at);
  const code = createCode(work.auth.config.email.codeLength);
  const token = flowToken(tokenHash(user.email ?? "", code), challenge);
  sendMail(work, { to: user.email ?? "", type, code, token });
  return await updateUser(work, user.id, { recovery_token: token, recovery_sent_at: work.now.toISOString() });
}

/** Asks the new address, and with secure changes the old one too, to confirm the change. */
export async function sendEmailChange(
  work: Work,
  { user, email, challenge }: { user: UserRow; email: string; challenge: Challenge | null },
): Promise<UserRow> {
  checkMailFrequency(work, user.email_change_sent_at);
  const mail = (to: string) => {
    const code = createCode(work.auth.config.email.codeLength);
    const token = flowToken(tokenHash(to, code), challenge);
    sendMail(work, { to, type: "email_change", code, token });
    return token;
  };
  return await updateUser(work, user.id, {
    email_change_token_current: work.auth.config.email.secureChange && user.email ? mail(user.email) : "",
    email_change_token_new: mail(email),
    email_change: email,
    email_change_sent_at: work.now.toISOString(),
    email_change_confirm_status: 0,
  });
}

/** Sends the nonce that a change of password may need. */
export async function sendReauthentication(work: Work, user: UserRow): Promise<UserRow> {
  checkMailFrequency(work, user.reauthentication_sent_at);
  if (!work.auth.config.email.autoConfirm) work.auth.limits.takeEmail();
  const code = createCode(work.auth.config.email.codeLength);
  const to = user.email ?? "";
  work.send({ kind: "email", to, subject: "Confirm reauthentication", text: `Enter the code: ${code}` });
  return await updateUser(work, user.id, {
    reauthentication_token: tokenHash(to, code),
    reauthentication_sent_at: work.now.toISOString(),
  });
}
