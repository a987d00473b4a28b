import type { Sql } from "../database/database.ts";
import type { Work } from "./context.ts";
import type { JsonObject } from "./json.ts";

/** A row of `auth.users`; timestamps are ISO 8601. */
export interface UserRow {
  id: string;
  aud: string;
  role: string;
  email: string | null;
  encrypted_password: string | null;
  email_confirmed_at: string | null;
  invited_at: string | null;
  phone: string | null;
  phone_confirmed_at: string | null;
  confirmed_at: string | null;
  confirmation_token: string | null;
  confirmation_sent_at: string | null;
  recovery_token: string | null;
  recovery_sent_at: string | null;
  email_change: string | null;
  email_change_token_current: string | null;
  email_change_token_new: string | null;
  email_change_sent_at: string | null;
  email_change_confirm_status: number;
  phone_change: string | null;
  phone_change_token: string | null;
  phone_change_sent_at: string | null;
  reauthentication_token: string | null;
  reauthentication_sent_at: string | null;
  last_sign_in_at: string | null;
  raw_app_meta_data: JsonObject | null;
  raw_user_meta_data: JsonObject | null;
  banned_until: string | null;
  deleted_at: string | null;
  is_sso_user: boolean;
  is_anonymous: boolean;
  created_at: string;
  updated_at: string;
}

/** Columns to write; the generated one is not among them. */
export type UserChanges = Partial<Omit<UserRow, "id" | "confirmed_at">>;

const columns =
  `id, aud, role, email, encrypted_password, email_confirmed_at, invited_at, phone, phone_confirmed_at,
  confirmed_at, confirmation_token, confirmation_sent_at, recovery_token, recovery_sent_at, email_change,
  email_change_token_current, email_change_token_new, email_change_sent_at, email_change_confirm_status,
  phone_change, phone_change_token, phone_change_sent_at, reauthentication_token, reauthentication_sent_at,
  last_sign_in_at, raw_app_meta_data, raw_user_meta_data, banned_until, deleted_at, is_sso_user, is_anonymous,
  created_at, updated_at`;

/** Users that fit a condition over `auth.users as u`. */
export function findUsers(sql: Sql, condition: string, parameters: readonly unknown[]): Promise<UserRow[]> {
  return sql.query<UserRow>(`select ${columns} from auth.users as u where ${condition}`, parameters);
}

/** The first user that fits; `lock` keeps other transactions from changing it until this one ends. */
export async function findUser(
  sql: Sql,
  condition: string,
  parameters: readonly unknown[],
  { lock = false } = {},
): Promise<UserRow | null> {
  const [user] = await findUsers(sql, `${condition} limit 1 ${lock ? "for update" : ""}`, parameters);
  return user ?? null;
}

export function findUserById(sql: Sql, id: string, options?: { lock: boolean }): Promise<UserRow | null> {
  return findUser(sql, "u.id = $1", [id], options);
}

export function findUserByEmail(
  sql: Sql,
  email: string,
  options?: { lock: boolean },
): Promise<UserRow | null> {
  return findUser(sql, "u.email = $1 and not u.is_sso_user", [email.toLowerCase()], options);
}

export function findUserByPhone(
  sql: Sql,
  phone: string,
  options?: { lock: boolean },
): Promise<UserRow | null> {
  return findUser(sql, "u.phone = $1 and not u.is_sso_user", [phone], options);
}

/** Who has the address as their own or through a provider, except `userId`. */
export function findUserWithEmail(
  sql: Sql,
  email: string,
  userId: string | null = null,
): Promise<UserRow | null> {
  return findUser(
    sql,
    `(u.email = $1 and not u.is_sso_user
       or exists (select from auth.identities as i where i.user_id = u.id and i.email = $1))
     and u.id is distinct from $2::uuid`,
    [email.toLowerCase(), userId],
  );
}

export interface NewUser {
  id?: string;
  email?: string;
  phone?: string;
  encryptedPassword: string | null;
  appMetadata: JsonObject;
  userMetadata: JsonObject;
  isAnonymous?: boolean;
}

/** Inserts the row as GoTrue does: unconfirmed and without role, which the next statement sets. */
export async function insertUser({ sql, now }: Work, user: NewUser): Promise<UserRow> {
  const id = user.id ?? crypto.randomUUID();
  await sql.query(
    `insert into auth.users (
       id, aud, role, email, phone, encrypted_password, confirmation_token, recovery_token, email_change,
       email_change_token_new, email_change_token_current, phone_change, phone_change_token, reauthentication_token,
       raw_app_meta_data, raw_user_meta_data, is_anonymous, created_at, updated_at
     )
     values (
       $1, 'authenticated', '', $2, $3, $4, '', '', '', '', '', '', '', '', $5::text::jsonb, $6::text::jsonb, $7, $8, $8
     )`,
    [
      id,
      user.email || null,
      user.phone || null,
      user.encryptedPassword,
      JSON.stringify(user.appMetadata),
      JSON.stringify(user.userMetadata),
      user.isAnonymous ?? false,
      now.toISOString(),
    ],
  );
  return updateUser({ sql, now }, id, { role: "authenticated" });
}

/** One `update` of exactly these columns and `updated_at`, because triggers may hang on single columns. */
export async function updateUser(
  { sql, now }: Pick<Work, "sql" | "now">,
  id: string,
  changes: UserChanges,
): Promise<UserRow> {
  const entries = Object.entries(changes);
  const assignments = entries.map(([column], at) =>
    `${column} = $${at + 3}${isJson(column) ? "::text::jsonb" : ""}`
  );
  const values = entries.map(([column, value]) => isJson(column) ? JSON.stringify(value ?? {}) : value);
  const [user] = await sql.query<UserRow>(
    `update auth.users set updated_at = $2, ${assignments.join(", ")} where id = $1 returning ${columns}`,
    [id, now.toISOString(), ...values],
  );
  if (!user) throw new Error("The user was deleted while it was being written");
  return user;
}

function isJson(column: string): boolean {
  return column === "raw_app_meta_data" || column === "raw_user_meta_data";
}

/** Members of `updates` replace those of `current`; null removes one. */
export function mergeMetadata(current: JsonObject | null, updates: JsonObject): JsonObject {
  const merged = { ...current, ...updates };
  return Object.fromEntries(
    Object.entries(merged).filter(([key, value]) => value !== null || !Object.hasOwn(updates, key)),
  );
}

export function isBanned(user: UserRow, now: Date): boolean {
  return user.banned_until !== null && Date.parse(user.banned_until) > now.getTime();
}
