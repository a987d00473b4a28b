import type { Work } from "./context.ts";
import type { ExternalAccount } from "./external_account.ts";
import { findIdentity } from "./identities.ts";
import { findUserByEmail, findUserById, findUsers, findUserWithEmail, type UserRow } from "./users.ts";

type Email = ExternalAccount["email"];

/** Whose account an external one is; `email` is the address that a confirmation would be about. */
export type Linking =
  | { decision: "exists"; user: UserRow; email: Email }
  | { decision: "link"; user: UserRow; email: Email }
  | { decision: "create"; email: Email }
  | { decision: "several"; email: Email };

/**
 * Decides as GoTrue does: the account is known, or belongs to the one user with its verified address, or is new.
 * While addresses are confirmed automatically, GoTrue takes every address for verified.
 */
export async function decideLinking(
  { auth: { config }, sql }: Work,
  { provider, subject, email }: ExternalAccount,
): Promise<Linking> {
  const known = await findIdentity(sql, provider, subject);
  const owner = known && await findUserById(sql, known.user_id, { lock: true });
  if (owner) {
    return {
      decision: "exists",
      user: owner,
      email: { address: owner.email ?? "", isVerified: email?.isVerified ?? false },
    };
  }
  if (!email) return { decision: "create", email };
  if (!email.isVerified && !config.email.autoConfirm) {
    const taken = await findUserWithEmail(sql, email.address);
    return { decision: "create", email: taken ? { ...email, address: "" } : email };
  }
  const similar = await findUsers(
    sql,
    `u.id in (
       select i.user_id from auth.identities as i where i.email = $1 and i.provider not like 'sso:%'
     )
     for update`,
    [email.address],
  );
  if (similar.length > 1) return { decision: "several", email };
  const user = similar[0] ?? await findUserByEmail(sql, email.address, { lock: true });
  return user ? { decision: "link", user, email } : { decision: "create", email };
}
