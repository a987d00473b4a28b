import type { Sql } from "../database/database.ts";
import type { Work } from "./context.ts";
import type { JsonObject } from "./json.ts";
import { mergeMetadata, updateUser, type UserRow } from "./users.ts";

/** A row of `auth.identities`: one way in which a user signs in. */
export interface IdentityRow {
  id: string;
  provider: string;
  provider_id: string;
  user_id: string;
  identity_data: JsonObject;
  email: string | null;
  last_sign_in_at: string | null;
  created_at: string;
  updated_at: string;
}

const columns =
  "id, provider, provider_id, user_id, identity_data, email, last_sign_in_at, created_at, updated_at";

/** A user's identities, oldest first. */
export function findIdentities(sql: Sql, userId: string): Promise<IdentityRow[]> {
  return sql.query<IdentityRow>(
    `select ${columns} from auth.identities where user_id = $1 order by created_at, id`,
    [userId],
  );
}

export async function findIdentity(
  sql: Sql,
  provider: string,
  providerId: string,
): Promise<IdentityRow | null> {
  const [identity] = await sql.query<IdentityRow>(
    `select ${columns} from auth.identities where provider = $1 and provider_id = $2`,
    [provider, providerId],
  );
  return identity ?? null;
}

/** Adds an identity; `sub` of its data is the provider's id. */
export async function insertIdentity(
  { sql, now }: Work,
  user: UserRow,
  { provider, data }: { provider: string; data: JsonObject },
): Promise<IdentityRow> {
  const [identity] = await sql.query<IdentityRow>(
    `insert into auth.identities (
       id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at
     )
     values ($1, $2, $3, $4, $5::text::jsonb, $6, $6, $6)
     returning ${columns}`,
    [crypto.randomUUID(), provider, data.sub, user.id, JSON.stringify(lowerEmail(data)), now.toISOString()],
  );
  return identity!;
}

/** Merges `updates` into an identity's data; null removes a member. */
export async function updateIdentityData(
  { sql, now }: Work,
  identity: IdentityRow,
  updates: JsonObject,
): Promise<void> {
  const data = lowerEmail(mergeMetadata(identity.identity_data, updates));
  await sql.query(
    "update auth.identities set identity_data = $2::text::jsonb, updated_at = $3 where id = $1",
    [identity.id, JSON.stringify(data), now.toISOString()],
  );
}

/** Creates the user's identity at a provider of ours (`email`, `phone`), or brings it up to date. */
export async function putOwnIdentity(
  work: Work,
  user: UserRow,
  { provider, data }: { provider: "email" | "phone"; data: JsonObject },
): Promise<void> {
  const known = await findIdentity(work.sql, provider, user.id);
  if (known) await updateIdentityData(work, known, data);
  else await insertIdentity(work, user, { provider, data: ownIdentityData(user.id, data) });
}

/** The data of an identity of ours, with the members that GoTrue always writes. */
export function ownIdentityData(userId: string, data: JsonObject): JsonObject {
  return { sub: userId, email_verified: false, phone_verified: false, ...data };
}

/** Writes the providers of all identities into `app_metadata`. */
export async function updateProviders(work: Work, user: UserRow): Promise<UserRow> {
  const identities = await findIdentities(work.sql, user.id);
  const providers = [...new Set(identities.map((identity) => identity.provider))];
  const first = providers[0];
  return await updateUser(work, user.id, {
    raw_app_meta_data: mergeMetadata(user.raw_app_meta_data, {
      providers,
      ...(first ? { provider: first } : {}),
    }),
  });
}

/**
 * Leaves an unconfirmed user with the one identity that signs in now. Whoever registered the address before may not
 * own it, so their password, metadata and other identities must not open the account.
 */
export async function removeUnconfirmedIdentities(
  work: Work,
  user: UserRow,
  identity: IdentityRow,
): Promise<UserRow> {
  if (identity.provider !== "email" && identity.provider !== "phone") {
    await updateUser(work, user.id, { encrypted_password: null });
  }
  const kept = await updateUser(work, user.id, {
    raw_user_meta_data: mergeMetadata(identity.identity_data, identity.identity_data),
  });
  await work.sql.query("delete from auth.identities where user_id = $1 and id <> $2", [user.id, identity.id]);
  return await updateProviders(work, kept);
}

function lowerEmail(data: JsonObject): JsonObject {
  return typeof data.email === "string" ? { ...data, email: data.email.toLowerCase() } : data;
}
