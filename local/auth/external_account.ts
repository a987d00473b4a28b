import { confirmEmail } from "./confirm.ts";
import type { Work } from "./context.ts";
import { AuthError } from "./errors.ts";
import {
  findIdentity,
  type IdentityRow,
  insertIdentity,
  removeUnconfirmedIdentities,
  updateProviders,
} from "./identities.ts";
import type { JsonObject } from "./json.ts";
import { decideLinking, type Linking } from "./linking.ts";
import { sendConfirmation } from "./mail.ts";
import { insertNewUser } from "./registration.ts";
import { isBanned, mergeMetadata, updateUser, type UserRow } from "./users.ts";

/** An account at a provider that has just proven itself. */
export interface ExternalAccount {
  provider: string;
  /** The provider's id of the person. */
  subject: string;
  email: { address: string; isVerified: boolean } | null;
  /** What the provider says about the person; goes into the identity and `user_metadata`. */
  data: JsonObject;
}

/**
 * Finds, links or creates the user of an external account, writing in GoTrue's order: identity, metadata,
 * providers, confirmation.
 *
 * @returns an error, to be thrown after the commit, when the address must be confirmed first
 */
export async function signInExternally(
  work: Work,
  account: ExternalAccount,
): Promise<UserRow | AuthError> {
  const linking = await decideLinking(work, account);
  const { user, identity } = await apply(work, account, linking);
  if (isBanned(user, work.now)) throw new AuthError(403, "user_banned", "User is banned");
  if (user.email_confirmed_at) return user;
  const cleared = await removeUnconfirmedIdentities(work, user, identity);
  if (linking.email?.isVerified || work.auth.config.email.autoConfirm) {
    return await confirmEmail(work, cleared);
  }
  const { provider } = account;
  if (!linking.email?.address) {
    return unverified(
      `Unverified email with ${provider}. Verify the email with ${provider} in order to sign in`,
    );
  }
  await sendConfirmation(work, { user: cleared, type: "signup", challenge: null });
  return unverified(
    `Unverified email with ${provider}. A confirmation email has been sent to your ${provider} email`,
  );
}

async function apply(
  work: Work,
  account: ExternalAccount,
  linking: Linking,
): Promise<{ user: UserRow; identity: IdentityRow }> {
  const { provider, subject, data } = account;
  switch (linking.decision) {
    case "several":
      throw new AuthError(500, "unexpected_failure", severalAccounts);
    case "create": {
      if (!work.auth.config.signUpEnabled) {
        throw new AuthError(422, "signup_disabled", "Signups not allowed for this instance");
      }
      const created = await insertNewUser(work, {
        email: linking.email?.address ?? "",
        encryptedPassword: "",
        appMetadata: { provider, providers: [provider] },
        userMetadata: data,
      });
      return { user: created, identity: await insertIdentity(work, created, { provider, data }) };
    }
    case "link": {
      const identity = await insertIdentity(work, linking.user, { provider, data });
      return { user: await describe(work, linking.user, data), identity };
    }
    case "exists": {
      await work.sql.query(
        `update auth.identities
         set identity_data = $3::text::jsonb, last_sign_in_at = $4, updated_at = $4
         where provider = $1 and provider_id = $2`,
        [provider, subject, JSON.stringify(data), work.now.toISOString()],
      );
      const identity = await findIdentity(work.sql, provider, subject);
      return { user: await describe(work, linking.user, data), identity: identity! };
    }
  }
}

const severalAccounts =
  "Multiple accounts with the same email address in the same linking domain detected: default";

/** Writes what the provider says into `user_metadata`, then the list of providers. */
async function describe(work: Work, user: UserRow, data: JsonObject): Promise<UserRow> {
  const described = await updateUser(work, user.id, {
    raw_user_meta_data: mergeMetadata(user.raw_user_meta_data, data),
  });
  return await updateProviders(work, described);
}

function unverified(message: string): AuthError {
  return new AuthError(422, "provider_email_needs_verification", message);
}
