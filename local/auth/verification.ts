import { isCodeValid, isExpired, pkcePrefix, smsPrefix } from "./codes.ts";
import type { Work } from "./context.ts";
import { AuthError, codeRefused, validationFailed } from "./errors.ts";
import { attemptsKey } from "./sms.ts";
import {
  findUser,
  findUserByEmail,
  findUserById,
  findUserByPhone,
  findUsers,
  isBanned,
  type UserRow,
} from "./users.ts";

/** What someone presents: a link's token, or a code and the address it went to. */
export interface Proof {
  type: string;
  hash: string;
  /** Empty for links. */
  email: string;
  phone: string;
  isLink: boolean;
}

export type ProofType =
  | "signup"
  | "invite"
  | "recovery"
  | "magiclink"
  | "email_change"
  | "sms"
  | "phone_change";

/** The user whom a proof belongs to, locked, and the type that it turned out to be. */
export interface ProvenUser {
  user: UserRow;
  type: ProofType;
}

/** @throws {AuthError} when no link has this token, or its time has passed */
export async function findUserOfLink(
  work: Work,
  { type, hash }: Proof,
): Promise<ProvenUser> {
  const link = links.get(type);
  if (!link) throw validationFailed("Invalid email verification type");
  // Used tokens are empty in the database, so an empty one would fit anybody's.
  if (hash === "" || hash.startsWith(smsPrefix)) throw linkRefused();
  const user = await findUser(work.sql, link.condition, [hash], { lock: true });
  if (!user) throw linkRefused();
  if (isBanned(user, work.now)) throw banned();
  const proven = link.type ?? (user.recovery_token === hash ? "magiclink" : "signup");
  if (isExpired(sentAt(user, proven), work.auth.config.email.codeExpirySeconds, work.now)) {
    throw linkRefused();
  }
  return { user, type: proven };
}

/** Where the token of a link is found; of `email` the column says what it is. */
const links = new Map<string, { condition: string; type: ProofType | null }>([
  ["email", { condition: "(u.confirmation_token = $1 or u.recovery_token = $1)", type: null }],
  ["signup", { condition: "u.confirmation_token = $1", type: "signup" }],
  ["invite", { condition: "u.confirmation_token = $1", type: "invite" }],
  ["recovery", { condition: "u.recovery_token = $1", type: "recovery" }],
  ["magiclink", { condition: "u.recovery_token = $1", type: "magiclink" }],
  ["email_change", {
    condition: "(u.email_change_token_current = $1 or u.email_change_token_new = $1)",
    type: "email_change",
  }],
]);

/** @throws {AuthError} when the code is wrong, used, too old or was tried too often; the answer is always the same */
export async function findUserOfCode(work: Work, proof: Proof): Promise<ProvenUser> {
  if (proof.type === "sms" || proof.type === "phone_change") {
    return await findUserOfSms(work, proof, proof.type);
  }
  const user = proof.type === "email_change"
    ? await findUserOfEmailChange(work, proof)
    : await findUserByEmail(work.sql, proof.email, { lock: true });
  if (!user) throw codeRefused();
  if (isBanned(user, work.now)) throw banned();
  for (const type of codeTypes.get(proof.type) ?? []) {
    const stored = { sentAt: sentAt(user, type), expirySeconds: work.auth.config.email.codeExpirySeconds };
    if (storedHashes(user, type).some((hash) => isCodeValid(proof.hash, { hash, ...stored }, work.now))) {
      return { user, type };
    }
  }
  throw codeRefused();
}

/** As what a code of a type may count: `email` is a code that confirms or signs in. */
const codeTypes = new Map<string, ProofType[]>([
  ["email", ["signup", "magiclink"]],
  ["signup", ["signup"]],
  ["invite", ["invite"]],
  ["recovery", ["recovery"]],
  ["magiclink", ["magiclink"]],
  ["email_change", ["email_change"]],
]);

async function findUserOfSms(
  work: Work,
  proof: Proof,
  type: "sms" | "phone_change",
): Promise<ProvenUser> {
  const isChange = type === "phone_change";
  const candidates = proof.phone === ""
    ? []
    : isChange
    ? await findUsers(work.sql, "u.phone_change = $1 for update", [proof.phone])
    : [await findUserByPhone(work.sql, proof.phone, { lock: true })].filter((user) => user !== null);
  for (const user of candidates) {
    if (isBanned(user, work.now)) throw banned();
    const hash = isChange ? user.phone_change_token : user.confirmation_token;
    const stored = {
      hash,
      sentAt: isChange ? user.phone_change_sent_at : user.confirmation_sent_at,
      expirySeconds: work.auth.config.sms.codeExpirySeconds,
    };
    // Counted before the comparison and whatever it says, so that the right code comes too late after five wrong ones.
    const mayTry = work.auth.attempts.take(attemptsKey(user.id, isChange ? "phone_change" : "confirmation"));
    if (mayTry && isCodeValid(smsPrefix + proof.hash, stored, work.now)) return { user, type };
  }
  throw codeRefused();
}

/** The user who changes from or to the address, by the token that went there. */
async function findUserOfEmailChange(work: Work, proof: Proof): Promise<UserRow | null> {
  const parameters = [proof.email, proof.hash, pkcePrefix + proof.hash];
  const current = work.auth.config.email.secureChange
    ? await findUser(work.sql, "u.email = $1 and u.email_change_token_current in ($2, $3)", parameters)
    : null;
  const user = current ??
    await findUser(work.sql, "u.email_change = $1 and u.email_change_token_new in ($2, $3)", parameters);
  return user && await findUserById(work.sql, user.id, { lock: true });
}

function storedHashes(user: UserRow, type: ProofType): (string | null)[] {
  switch (type) {
    case "recovery":
    case "magiclink":
      return [user.recovery_token];
    case "email_change":
      return [user.email_change_token_current, user.email_change_token_new];
    default:
      return [user.confirmation_token];
  }
}

function sentAt(user: UserRow, type: ProofType): string | null {
  switch (type) {
    case "recovery":
    case "magiclink":
      return user.recovery_sent_at;
    case "email_change":
      return user.email_change_sent_at;
    default:
      return user.confirmation_sent_at;
  }
}

function linkRefused(): AuthError {
  return new AuthError(403, "otp_expired", "Email link is invalid or has expired");
}

function banned(): AuthError {
  return new AuthError(403, "user_banned", "User is banned");
}
