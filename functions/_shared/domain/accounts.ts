import { z } from "@hono/zod-openapi";
import type { AuthResponse } from "@supabase/auth-js";
import { AppError } from "../http/errors.ts";
import type { Runtime } from "../runtime.ts";
import { authClient, authError, isOutage, signUpError } from "./auth_client.ts";
import { type AuthSession, endAuthSession } from "./auth_sessions.ts";
import { call, type Db, openDb, rowsOf, type Views } from "./db.ts";

/** What bcrypt reads of a password, and Supabase Auth takes. */
const maxPasswordBytes = 72;

/** A signed-in person with the session that proves it. */
export interface SignedIn extends AuthSession {
  account: Account;
}

export interface Account {
  id: string;
  email: string;
  name: string;
  givenName: string;
  familyName: string;
  /** E.164, proven or as given; null when unknown. */
  phone: string | null;
  /** ISO 8601. */
  createdAt: string;
  isProvider: boolean;
}

/** What somebody who signs up says of themselves. */
export interface NewAccount {
  email: string;
  password: string;
  /** The whole name, or its parts. */
  name: string | { given: string; family: string };
  /** E.164; kept as unproven, for reaching them. */
  phone?: string | undefined;
  /** BCP 47 language for messages. */
  locale: string;
  /** Set when they want to offer something themselves. */
  provider?: { bio?: string | undefined; specialization?: string | undefined };
}

/**
 * Signs somebody up; profile and provider are made in the same transaction as the user. What else they say of themselves
 * follows in one command: user metadata would be repeated in every access token. A registration that was interrupted
 * between the two is finished when it is sent again.
 *
 * @param address the client's address, for Supabase Auth's own limits
 * @throws {AppError} EMAIL_TAKEN, WEAK_PASSWORD, INVALID_INPUT, RATE_LIMITED, TRY_AGAIN
 */
export async function register(
  runtime: Runtime,
  account: NewAccount,
  address: string | null,
): Promise<SignedIn> {
  const { email, password, locale, provider } = account;
  refuseUnkeepable(account);
  const data = { name: wholeName(account), locale, ...(provider ? { provider: true } : {}) };
  const auth = await authClient(runtime, address);
  const response = await auth.signUp({ email, password, options: { data } });
  if (!response.error) return await complete(runtime, sessionOf(response), account);
  const refusal = signUpError(response.error);
  if (refusal.code !== "EMAIL_TAKEN") throw refusal;
  const again = await auth.signInWithPassword({ email, password });
  if (again.error) throw refusal;
  const session = sessionOf(again);
  try {
    return await complete(runtime, session, account);
  } catch (error) {
    await endAuthSession(runtime, session.accessToken, address);
    throw error;
  }
}

/** Sign-up would make the account, and only then fail. */
function refuseUnkeepable(account: NewAccount): void {
  const { password, phone, provider } = account;
  const texts = [password, wholeName(account), phone, provider?.bio, provider?.specialization];
  // Whoever renders the error names the field.
  if (texts.some((text) => text?.includes("\0"))) throw new AppError("INVALID_INPUT");
  if (new TextEncoder().encode(password).length > maxPasswordBytes) {
    const details = [{ field: "password", reason: `must have at most ${maxPasswordBytes} bytes` }];
    throw new AppError("INVALID_INPUT", { details });
  }
}

function wholeName({ name }: NewAccount): string {
  return typeof name === "string" ? name : `${name.given} ${name.family}`.trim();
}

/** Writes what sign-up could not take. @throws {AppError} EMAIL_TAKEN when the registration is complete or too old */
async function complete(
  runtime: Runtime,
  session: AuthSession,
  { name, phone, provider }: NewAccount,
): Promise<SignedIn> {
  const row = await call(openDb(runtime, session.accessToken), "complete_registration", {
    ...(typeof name === "string" ? {} : { given_name: name.given, family_name: name.family }),
    ...(phone ? { phone } : {}),
    ...(provider?.bio ? { bio: provider.bio } : {}),
    ...(provider?.specialization ? { specialization: provider.specialization } : {}),
  });
  return { ...session, account: toAccount(row) };
}

/**
 * Signs somebody in by password. Answers the same whether the account exists.
 *
 * @throws {AppError} INVALID_CREDENTIALS, RATE_LIMITED, TRY_AGAIN
 */
export async function signIn(
  runtime: Runtime,
  credentials: { email: string; password: string },
  address: string | null,
): Promise<SignedIn> {
  const auth = await authClient(runtime, address);
  return await signedIn(runtime, await auth.signInWithPassword(credentials));
}

/** Whom a client says that an ID token is of. */
export interface IdentityClaim {
  googleId: string;
  email: string;
  name: string;
}

/**
 * Signs somebody in by a Google ID token, which must name a verified address and, where the client claims them, this
 * account and address. Supabase Auth verifies the token itself.
 *
 * @throws {AppError} INVALID_IDENTITY when the token proves something else or nothing, RATE_LIMITED, TRY_AGAIN
 */
export async function signInWithGoogle(
  runtime: Runtime,
  idToken: string,
  claim: IdentityClaim | null,
  address: string | null,
): Promise<SignedIn> {
  if (!await provesClaim(idToken, claim)) throw new AppError("INVALID_IDENTITY");
  const auth = await authClient(runtime, address);
  const response = await auth.signInWithIdToken({ provider: "google", token: idToken });
  const { error } = response;
  if (error && !isOutage(error) && error.status !== 429) {
    throw new AppError("INVALID_IDENTITY", { cause: error });
  }
  const person = await signedIn(runtime, response);
  return person.account.name || !claim ? person : await nameAccount(runtime, person, claim.name);
}

const IdToken = z.object({ sub: z.string(), email: z.string(), email_verified: z.boolean() }).partial();

/** Whom an ID token names, unproven; null when it names nobody. */
export async function subjectOf(idToken: string): Promise<string | null> {
  return (await decode(idToken))?.sub ?? null;
}

async function provesClaim(idToken: string, claim: IdentityClaim | null): Promise<boolean> {
  const token = await decode(idToken);
  return token?.email_verified === true &&
    (!claim ||
      (token.sub === claim.googleId && token.email?.toLowerCase() === claim.email.toLowerCase()));
}

async function decode(idToken: string) {
  const { decodeJwt } = await import("jose");
  try {
    return IdToken.parse(decodeJwt(idToken));
  } catch {
    return null;
  }
}

async function nameAccount(runtime: Runtime, person: SignedIn, name: string): Promise<SignedIn> {
  const db = openDb(runtime, person.accessToken);
  await rowsOf(db.client.from("profiles").update({ name }).eq("id", person.account.id));
  return { ...person, account: { ...person.account, name } };
}

/** The account of the signed-in person. @throws {AppError} SIGN_IN_REQUIRED when it is gone */
export async function readMyAccount(db: Db): Promise<Account> {
  const row = await rowsOf(db.client.from("my_account").select().maybeSingle());
  if (!row) throw new AppError("SIGN_IN_REQUIRED");
  return toAccount(row);
}

async function signedIn(runtime: Runtime, response: AuthResponse): Promise<SignedIn> {
  if (response.error) throw authError(response.error);
  const session = sessionOf(response);
  const row = await rowsOf(openDb(runtime, session.accessToken).client.from("my_account").select().single());
  return { ...session, account: toAccount(row) };
}

function sessionOf({ data }: AuthResponse): AuthSession {
  if (!data.session) throw new AppError("INTERNAL", { cause: new Error("Supabase Auth gave no session") });
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = data.session;
  return { accessToken, refreshToken, expiresIn };
}

function toAccount(row: Views["my_account"]["Row"]): Account {
  if (!row.id) throw new AppError("INTERNAL", { cause: new Error("A signed-in person has no profile") });
  return {
    id: row.id,
    email: row.email ?? "",
    name: row.name ?? "",
    givenName: row.given_name ?? "",
    familyName: row.family_name ?? "",
    phone: row.phone,
    createdAt: row.created_at ?? "",
    isProvider: row.is_provider === true,
  };
}
