import type { Context, MiddlewareHandler } from "hono";
import { adminDb, openDb } from "../domain/db.ts";
import type { Runtime } from "../runtime.ts";
import { type Actor, bearerToken, type TokenVerifier, type UserActor } from "./actor.ts";
import type { Env } from "./context.ts";
import { AppError } from "./errors.ts";

type AnonymousActor = Extract<Actor, { kind: "anonymous" }>;
type ServiceActor = Extract<Actor, { kind: "service" }>;

/** Lets everybody in, as anonymous: a token that happens to be there gives nothing. */
export function publicGate(runtime: Runtime): MiddlewareHandler<Env<AnonymousActor>> {
  return async (c, next) => {
    c.set("actor", { kind: "anonymous" });
    c.set("db", openDb(runtime, null, () => carried(c)));
    await next();
  };
}

/** Lets signed-in users in; the database sees them under Row Level Security. */
export function userGate(runtime: Runtime, tokens: TokenVerifier): MiddlewareHandler<Env<UserActor>> {
  return async (c, next) => {
    const token = bearerToken(c.req.header("authorization"));
    if (!token) throw new AppError("SIGN_IN_REQUIRED");
    const actor = await tokens.verify(token);
    c.set("actor", actor);
    c.set("db", openDb(runtime, actor.token, () => carried(c)));
    await next();
  };
}

/** Lets everybody in: whoever presents a token as its user, who must be one, and the others as anonymous. */
export function visitorGate(
  runtime: Runtime,
  tokens: TokenVerifier,
): MiddlewareHandler<Env<AnonymousActor | UserActor>> {
  const [asVisitor, asUser] = [publicGate(runtime), userGate(runtime, tokens)];
  return (c, next) => {
    // Either gate sets an actor that this one's handlers expect.
    const gate = (bearerToken(c.req.header("authorization")) ? asUser : asVisitor) as MiddlewareHandler;
    return gate(c, next);
  };
}

/** Lets servers in that present one of the accepted tokens; the only gate behind which the admin client exists. */
export function serviceGate(
  runtime: Runtime,
  accepted: () => string[],
): MiddlewareHandler<Env<ServiceActor>> {
  return async (c, next) => {
    const token = bearerToken(c.req.header("authorization"));
    if (!token) throw new AppError("SIGN_IN_REQUIRED");
    if (!await isOneOf(token, accepted())) throw new AppError("INVALID_TOKEN");
    c.set("actor", { kind: "service" });
    c.set("db", adminDb(runtime));
    await next();
  };
}

/** Compares with every accepted secret in constant time, whatever their lengths. */
async function isOneOf(token: string, secrets: string[]): Promise<boolean> {
  const { createHash, timingSafeEqual } = await import("node:crypto");
  const hash = (text: string) => createHash("sha256").update(text).digest();
  const presented = hash(token);
  return secrets.reduce((found, secret) => timingSafeEqual(presented, hash(secret)) || found, false);
}

function carried<A extends Actor>(c: Context<Env<A>>) {
  return { requestId: c.get("requestId"), idempotencyKey: c.req.header("idempotency-key") };
}
