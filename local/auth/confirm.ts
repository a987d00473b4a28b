import { pkcePrefix } from "./codes.ts";
import type { Work } from "./context.ts";
import { findIdentities, putOwnIdentity, updateIdentityData } from "./identities.ts";
import { unknowablePassword } from "./passwords.ts";
import { mergeMetadata, updateUser, type UserRow } from "./users.ts";

/** Confirms the address: its own columns first, then the metadata, as GoTrue does. */
export async function confirmEmail(work: Work, user: UserRow): Promise<UserRow> {
  const confirmed = await updateUser(work, user.id, {
    confirmation_token: "",
    email_confirmed_at: work.now.toISOString(),
  });
  return await updateUser(work, user.id, {
    raw_user_meta_data: mergeMetadata(confirmed.raw_user_meta_data, { email_verified: true }),
  });
}

export async function confirmPhone(work: Work, user: UserRow): Promise<UserRow> {
  const confirmed = await updateUser(work, user.id, {
    confirmation_token: "",
    phone_confirmed_at: work.now.toISOString(),
  });
  return await endAnonymity(work, confirmed);
}

/** The link or code of a sign-up or invitation was used. */
export async function confirmSignUp(work: Work, user: UserRow): Promise<UserRow> {
  if (!user.encrypted_password && user.invited_at) {
    // An invited user sets their own password later.
    await updateUser(work, user.id, { encrypted_password: unknowablePassword() });
  }
  const confirmed = await confirmEmail(work, user);
  for (const identity of await findIdentities(work.sql, user.id)) {
    if (identity.email && identity.email === confirmed.email) {
      await updateIdentityData(work, identity, { email_verified: true });
    }
  }
  return confirmed;
}

/** The link or code of a magic link or recovery was used; whoever could read it owns the address. */
export async function confirmRecovery(work: Work, user: UserRow): Promise<UserRow> {
  const recovered = await updateUser(work, user.id, { recovery_token: "" });
  return recovered.email_confirmed_at ? recovered : await confirmEmail(work, recovered);
}

/** The changed number was proven: it becomes the user's. */
export async function confirmPhoneChange(work: Work, user: UserRow, phone: string): Promise<UserRow> {
  await putOwnIdentity(work, user, { provider: "phone", data: { phone, phone_verified: true } });
  const changed = await updateUser(work, user.id, {
    phone,
    phone_change: "",
    phone_change_token: "",
    phone_confirmed_at: work.now.toISOString(),
  });
  return await endAnonymity(work, changed);
}

/**
 * One of the addresses of a change was proven.
 *
 * @param hash the token that was used
 * @returns null when the other address must still confirm
 */
export async function confirmEmailChange(
  work: Work,
  user: UserRow,
  hash: string,
): Promise<UserRow | null> {
  const { autoConfirm, secureChange } = work.auth.config.email;
  if (!autoConfirm && secureChange && user.email_change_confirm_status === 0 && user.email) {
    const isCurrent = [hash, pkcePrefix + hash].includes(user.email_change_token_current ?? "");
    await updateUser(work, user.id, {
      email_change_confirm_status: 1,
      ...(isCurrent ? { email_change_token_current: "" } : { email_change_token_new: "" }),
    });
    return null;
  }
  return await applyEmailChange(work, user, user.email_change ?? "");
}

/** Makes the new address the user's. */
export async function applyEmailChange(work: Work, user: UserRow, email: string): Promise<UserRow> {
  await putOwnIdentity(work, user, { provider: "email", data: { email, email_verified: true } });
  const named = await endAnonymity(work, user);
  const changed = await updateUser(work, named.id, {
    email,
    email_change: "",
    email_change_token_current: "",
    email_change_token_new: "",
    email_change_confirm_status: 0,
  });
  return changed.email_confirmed_at ? changed : await confirmEmail(work, changed);
}

async function endAnonymity(work: Work, user: UserRow): Promise<UserRow> {
  return user.is_anonymous ? await updateUser(work, user.id, { is_anonymous: false }) : user;
}
