import { decodeBody, type Decoded, type Fields } from "./decode.ts";
import { parseDuration } from "./duration.ts";
import { validationFailed } from "./errors.ts";
import { normalizeEmail } from "./mail.ts";
import { normalizePhone } from "./sms.ts";

const fields = {
  id: "string",
  role: "string",
  email: "string",
  phone: "string",
  password: "string?",
  password_hash: "string",
  email_confirm: "bool",
  phone_confirm: "bool",
  user_metadata: "object",
  app_metadata: "object",
  ban_duration: "string",
} as const satisfies Fields;

/** What an administrator says about a user, with address and number normalised. */
export type AdminParams = Decoded<typeof fields> & {
  /** Milliseconds, 0 to lift a ban, null to leave it alone. */
  banMs: number | null;
};

/** Reads the body of `POST` and `PUT /admin/users`. */
export async function readAdminParams(request: Request): Promise<AdminParams> {
  const body = await decodeBody(request, "AdminUserParams", fields);
  if (body.role.length > 255) throw validationFailed("A role is too long");
  return {
    ...body,
    email: body.email && normalizeEmail(body.email),
    phone: body.phone && normalizePhone(body.phone),
    banMs: readBan(body.ban_duration),
  };
}

/** The end of a ban that begins now. */
export function banEnd(banMs: number, now: Date): string | null {
  return banMs === 0 ? null : new Date(now.getTime() + banMs).toISOString();
}

function readBan(duration: string): number | null {
  if (duration === "") return null;
  const milliseconds = duration === "none" ? 0 : parseDuration(duration);
  if (milliseconds === null) {
    throw validationFailed(
      `invalid format for ban duration: time: invalid duration ${JSON.stringify(duration)}`,
    );
  }
  return milliseconds;
}
