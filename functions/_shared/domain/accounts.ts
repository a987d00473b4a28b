import type { AuthResponse } from "@supabase/auth-js";
import { AppError } from "../http/errors.ts";
import type { Runtime } from "../runtime.ts";
import { authClient, authError } from "./auth_client.ts";
import { openDb, rowsOf, type Views } from "./db.ts";

/** A signed-in person with the session that proves it. */
export interface SignedIn {
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
  account: Account;
}

export interface Account {
  id: string;
  email: string;
  name: string;
  isProvider: boolean;
}

/** What somebody who signs up says of themselves. */
export interface NewAccount {
  email: string;
  password: string;
  name: string;
  /** BCP 47 language for messages. */
  locale: string;
  /** Set when they want to offer something themselves. */
  provider?: { bio?: string | undefined; specialization?: string | undefined };
}

/**
 * Signs somebody up; profile and provider are made in the same transaction as the user. What a provider says of
 * themselves follows: user metadata would be repeated in every access token.
 *
 * @param address the client's address, for Supabase Auth's own limits
 * @throws {AppError} EMAIL_TAKEN, WEAK_PASSWORD, INVALID_INPUT, RATE_LIMITED, TRY_AGAIN
 */
export async function register(
  runtime: Runtime,
  account: NewAccount,
  address: string | null,
): Promise<SignedIn> {
  const { email, password, name, locale, provider } = account;
  const data = { name, locale, ...(provider ? { provider: true } : {}) };
  const auth = await authClient(runtime, address);
  const person = await signedIn(runtime, await auth.signUp({ email, password, options: { data } }));
  if (provider?.bio || provider?.specialization) await describeProvider(runtime, person, provider);
  return person;
}

async function describeProvider(
  runtime: Runtime,
  { accessToken, account }: SignedIn,
  { bio, specialization }: NonNullable<NewAccount["provider"]>,
): Promise<void> {
  const db = openDb(runtime, accessToken);
  await rowsOf(
    db.client.from("providers").update({ bio: bio ?? null, specialization: specialization ?? null }).eq(
      "id",
      account.id,
    ),
  );
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

/**
 * Signs somebody in by a Google ID token, which must name the account and address that the client claims. Supabase
 * Auth verifies the token itself.
 *
 * @throws {AppError} INVALID_IDENTITY when the token proves something else or nothing, RATE_LIMITED, TRY_AGAIN
 */
export async function signInWithGoogle(
  runtime: Runtime,
  claim: { googleId: string; email: string; name: string; idToken: string },
  address: string | null,
): Promise<SignedIn> {
  if (!await provesClaim(claim)) throw new AppError("INVALID_IDENTITY");
  const auth = await authClient(runtime, address);
  const response = await auth.signInWithIdToken({
    provider: "google",
    token: claim.idToken,
  });
  if (response.error && (response.error.status ?? 0) < 429) {
    throw new AppError("INVALID_IDENTITY", { cause: response.error });
  }
  const person = await signedIn(runtime, response);
  return person.account.name ? person : await nameAccount(runtime, person, claim.name);
}

async function provesClaim(
  { googleId, email, idToken }: { googleId: string; email: string; idToken: string },
): Promise<boolean> {
  const { decodeJwt } = await import("jose");
  try {
    const token = decodeJwt<{ email?: string; email_verified?: boolean }>(idToken);
    return token.sub === googleId && token.email_verified === true &&
      token.email?.toLowerCase() === email.toLowerCase();
  } catch {
    return false;
  }
}

async function nameAccount(runtime: Runtime, person: SignedIn, name: string): Promise<SignedIn> {
  const db = openDb(runtime, person.accessToken);
  await rowsOf(db.client.from("profiles").update({ name }).eq("id", person.account.id));
  return { ...person, account: { ...person.account, name } };
}

async function signedIn(runtime: Runtime, { data, error }: AuthResponse): Promise<SignedIn> {
  if (error) throw authError(error);
  if (!data.session) throw new AppError("INTERNAL", { cause: new Error("Supabase Auth gave no session") });
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = data.session;
  const row = await rowsOf(openDb(runtime, accessToken).client.from("my_account").select().single());
  return { accessToken, refreshToken, expiresIn, account: toAccount(row) };
}

function toAccount(row: Views["my_account"]["Row"]): Account {
  if (!row.id) throw new AppError("INTERNAL", { cause: new Error("A signed-in person has no profile") });
  return { id: row.id, email: row.email ?? "", name: row.name ?? "", isProvider: row.is_provider === true };
}
