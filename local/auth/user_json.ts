import type { IdentityRow } from "./identities.ts";
import type { JsonObject } from "./json.ts";
import type { UserRow } from "./users.ts";

/**
 * A user as GoTrue writes it: missing e-mail and phone are empty strings, unset times are absent.
 *
 * @param identities null in lists, where GoTrue does not load them
 */
export function userJson(user: UserRow, identities: IdentityRow[] | null): JsonObject {
  return defined({
    id: user.id,
    aud: user.aud,
    role: user.role,
    email: user.email ?? "",
    email_confirmed_at: time(user.email_confirmed_at),
    invited_at: time(user.invited_at),
    phone: user.phone ?? "",
    phone_confirmed_at: time(user.phone_confirmed_at),
    confirmation_sent_at: time(user.confirmation_sent_at),
    confirmed_at: time(user.confirmed_at),
    recovery_sent_at: time(user.recovery_sent_at),
    new_email: user.email_change || undefined,
    email_change_sent_at: time(user.email_change_sent_at),
    new_phone: user.phone_change || undefined,
    phone_change_sent_at: time(user.phone_change_sent_at),
    reauthentication_sent_at: time(user.reauthentication_sent_at),
    last_sign_in_at: time(user.last_sign_in_at),
    app_metadata: user.raw_app_meta_data ?? {},
    user_metadata: user.raw_user_meta_data ?? {},
    identities: identities?.map(identityJson) ?? null,
    created_at: time(user.created_at),
    updated_at: time(user.updated_at),
    banned_until: time(user.banned_until),
    deleted_at: time(user.deleted_at),
    is_anonymous: user.is_anonymous,
  });
}

function identityJson(identity: IdentityRow): JsonObject {
  return defined({
    identity_id: identity.id,
    id: identity.provider_id,
    user_id: identity.user_id,
    identity_data: identity.identity_data,
    provider: identity.provider,
    last_sign_in_at: time(identity.last_sign_in_at),
    created_at: time(identity.created_at),
    updated_at: time(identity.updated_at),
    email: identity.email || undefined,
  });
}

/** Go prints UTC as `Z`. */
function time(timestamp: string | null): string | undefined {
  if (timestamp === null) return undefined;
  return timestamp.endsWith("+00:00") ? timestamp.replace("+00:00", "Z") : new Date(timestamp).toISOString();
}

function defined(members: Record<string, JsonObject[string] | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, JsonObject[string]] => entry[1] !== undefined),
  );
}
