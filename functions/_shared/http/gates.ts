import type { Context } from "hono";
import { adminDb, openDb } from "../domain/db.ts";
import type { Runtime } from "../runtime.ts";
import { type Actor, bearerToken, type UserActor } from "./actor.ts";
import type { Env, Gate } from "./context.ts";
import type { Contract } from "./contract.ts";
import { AppError } from "./errors.ts";

type AnonymousActor = Extract<Actor, { kind: "anonymous" }>;
export type VisitorActor = AnonymousActor | UserActor;
type ServiceActor = Extract<Actor, { kind: "service" }>;

/** Lets everybody in, as anonymous: a token that happens to be there gives nothing. */
export function publicGate(runtime: Runtime): Gate<AnonymousActor> {
  return (c) => {
    c.set("actor", { kind: "anonymous" });
    c.set("db", openDb(runtime, null, () => carried(c)));
  };
}

/** Lets signed-in users in; the database sees them under Row Level Security. */
export function userGate(runtime: Runtime, identify: Identify): Gate<UserActor> {
  return async (c) => {
    const actor = await identify(c);
    if (!actor) throw new AppError("SIGN_IN_REQUIRED");
    c.set("actor", actor);
    c.set("db", openDb(runtime, actor.token, () => carried(c)));
  };
}

/**
 * Lets everybody in: whoever presents a token as its user, who must be one, and the others as anonymous. Browsers send
 * a cookie unasked, so one that is no good counts as none.
 */
export function visitorGate(runtime: Runtime, identify: Identify): Gate<VisitorActor> {
  return async (c) => {
    const hasToken = bearerToken(c.req.header("authorization")) !== null;
    enter(c, runtime, hasToken ? await identify(c) : await orNobody(c, identify));
  };
}

/** Lets everybody in, to ask about their session or to end it; credentials that are no good count as none. */
export function sessionGate(runtime: Runtime, identify: Identify): Gate<VisitorActor> {
  return async (c) => {
    enter(c, runtime, await orNobody(c, identify));
  };
}

function enter(c: Context<Env>, runtime: Runtime, actor: UserActor | null): void {
  c.set("actor", actor ?? { kind: "anonymous" });
  c.set("db", openDb(runtime, actor?.token ?? null, () => carried(c)));
}

async function orNobody(c: Context<Env>, identify: Identify): Promise<UserActor | null> {
  try {
    return await identify(c);
  } catch (error) {
    if (error instanceof AppError && error.status === 401) return null;
    throw error;
  }
}

/** Finds out who sent a request; null when it has no credentials. */
export type Identify = (c: Context<Env>) => UserActor | null | Promise<UserActor | null>;

/** By the bearer token; without one by the cookie, where the contract takes cookies. */
export function identifyBy({ tokens, cookies }: Pick<Contract, "tokens" | "cookies">): Identify {
  return (c) => {
    const token = bearerToken(c.req.header("authorization"));
    return token ? tokens.verify(token) : cookies?.user(c) ?? null;
  };
}

/** Lets servers in that present one of the accepted tokens; the only gate behind which the admin client exists. */
export function serviceGate(runtime: Runtime, accepted: () => string[]): Gate<ServiceActor> {
  return async (c) => {
    const token = bearerToken(c.req.header("authorization"));
    if (!token) throw new AppError("SIGN_IN_REQUIRED");
    if (!await isOneOf(token, accepted())) throw new AppError("INVALID_TOKEN");
    c.set("actor", { kind: "service" });
    c.set("db", adminDb(runtime));
  };
}

/** Compares with every accepted secret in constant time, whatever their lengths. */
async function isOneOf(token: string, secrets: string[]): Promise<boolean> {
  const { createHash, timingSafeEqual } = await import("node:crypto");
  const hash = (text: string) => createHash("sha256").update(text).digest();
  const presented = hash(token);
  return secrets.reduce((found, secret) => timingSafeEqual(presented, hash(secret)) || found, false);
}

function carried(c: Context<Env>) {
  return { requestId: c.get("requestId"), idempotencyKey: c.req.header("idempotency-key") };
}
