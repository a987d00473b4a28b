import { createHash } from "node:crypto";
import { type Exchange, inTransaction, type Work } from "../context.ts";
import { decodeOptionalBody } from "../decode.ts";
import { findIdentities } from "../identities.ts";
import { endSessions } from "../sessions.ts";
import { findUserById, updateUser, type UserRow } from "../users.ts";
import { findNamedUser } from "./admin_users.ts";

/** `DELETE /admin/users/:id`; softly, the row stays with everything personal made unreadable. */
export async function deleteUser(exchange: Exchange): Promise<Response> {
  const named = await findNamedUser(exchange);
  const { should_soft_delete } = await decodeOptionalBody(exchange.request, "adminUserDeleteParams", {
    should_soft_delete: "bool",
  });
  await inTransaction(exchange, async (work) => {
    const user = await findUserById(work.sql, named.id, { lock: true });
    if (!user) return;
    if (!should_soft_delete) await work.sql.query("delete from auth.users where id = $1", [user.id]);
    else if (!user.deleted_at) await deleteSoftly(work, user);
  });
  return Response.json({});
}

async function deleteSoftly(work: Work, user: UserRow): Promise<void> {
  const { sql, now } = work;
  await updateUser(work, user.id, {
    email: obscure(user.id, user.email ?? ""),
    phone: obscure(user.id, user.phone ?? "").slice(0, 15),
    email_change: obscure(user.id, user.email_change ?? ""),
    phone_change: obscure(user.id, user.phone_change ?? "").slice(0, 15),
    encrypted_password: null,
    confirmation_token: "",
    recovery_token: "",
    email_change_token_current: "",
    email_change_token_new: "",
    phone_change_token: "",
    deleted_at: now.toISOString(),
  });
  await updateUser(work, user.id, { raw_user_meta_data: {} });
  await updateUser(work, user.id, { raw_app_meta_data: {} });
  await endSessions(sql, user.id, "all");
  for (const identity of await findIdentities(sql, user.id)) {
    await sql.query(
      "update auth.identities set identity_data = '{}', provider_id = $2, updated_at = $3 where id = $1",
      [identity.id, obscure(user.id, `${identity.provider}:${identity.provider_id}`), now.toISOString()],
    );
  }
}

function obscure(userId: string, value: string): string {
  return createHash("sha256").update(userId + value).digest("base64url");
}
