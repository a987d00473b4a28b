import type { Work } from "./context.ts";
import { endSessions } from "./sessions.ts";
import { updateUser, type UserRow } from "./users.ts";

/**
 * Stores a new password, forgets every code that was sent under the old one, and ends the sessions that it opened.
 *
 * @param password.keptSessionId the session that asked for the change, or null when an administrator did
 */
export async function setPassword(
  work: Work,
  user: UserRow,
  { encrypted, keptSessionId }: { encrypted: string; keptSessionId: string | null },
): Promise<UserRow> {
  const changed = await updateUser(work, user.id, {
    encrypted_password: encrypted,
    confirmation_token: "",
    confirmation_sent_at: null,
    recovery_token: "",
    recovery_sent_at: null,
    email_change_token_current: "",
    email_change_token_new: "",
    email_change_sent_at: null,
    phone_change_token: "",
    phone_change_sent_at: null,
    reauthentication_token: "",
    reauthentication_sent_at: null,
  });
  await endSessions(work.sql, user.id, keptSessionId ? { except: keptSessionId } : "all");
  return changed;
}
