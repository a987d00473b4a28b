import type { Context } from "hono";
import { type AuthSession, refreshAuthSession } from "../domain/auth_sessions.ts";
import type { Runtime } from "../runtime.ts";
import type { Actor, TokenVerifier, UserActor } from "./actor.ts";
import { clientAddress } from "./client_address.ts";
import type { Env } from "./context.ts";
import { readCookie, writeCookie } from "./cookie_jar.ts";
import { openSession, type SealedSession, sealSession } from "./cookie_seal.ts";
import { AppError } from "./errors.ts";
import { isTrustedSource } from "./request_source.ts";

const maxAgeSeconds = 7 * 24 * 3600;
/** An access token is renewed when it lives no longer than this. */
const renewBeforeMs = 60_000;
/** Supabase Auth takes a refresh token again within ten seconds; until then a renewal is shared. */
const sharedMs = 10_000;
const rememberedRenewals = 1000;
const safeMethods = ["GET", "HEAD", "OPTIONS"];

type AnyContext<A extends Actor> = Context<Env<A>>;

/** Sign-in by an encrypted cookie that carries the Supabase session. For contracts that ask for it. */
export class CookieSessions {
  #renewals = new Map<string, { renewal: Promise<SealedSession | null>; until: number }>();

  constructor(readonly runtime: Runtime, readonly tokens: TokenVerifier) {}

  /** @throws {AppError} SIGN_IN_NOT_CONFIGURED without COOKIE_KEY */
  requireKeys(): void {
    if (this.runtime.config.cookieKeys.length > 0) return;
    throw new AppError("SIGN_IN_NOT_CONFIGURED", { cause: new Error("COOKIE_KEY is not set") });
  }

  /** Sets the cookie of somebody who has just signed in, unless a website asks that we do not know. */
  async start<A extends Actor>(c: AnyContext<A>, session: AuthSession): Promise<void> {
    if (!isTrustedSource(c, this.runtime.config)) return;
    await this.#write(c, this.#toSealed(session));
  }

  /** Removes the cookie, if the request has one. */
  end<A extends Actor>(c: AnyContext<A>): void {
    this.#set(c, null);
  }

  /**
   * The user whose cookie came with the request, null without one. Renews the session when its access token is about to
   * expire. A cookie that is no good stays: another request may have renewed it meanwhile.
   *
   * @throws {AppError} INVALID_TOKEN; ORIGIN_NOT_ALLOWED when another website would change something; TRY_AGAIN
   */
  async user<A extends Actor>(c: AnyContext<A>): Promise<UserActor | null> {
    const { runtime } = this;
    const sealed = readCookie(c.req.header("cookie"), this.#name);
    if (sealed === null) return null;
    if (!safeMethods.includes(c.req.method) && !isTrustedSource(c, runtime.config)) {
      throw new AppError("ORIGIN_NOT_ALLOWED");
    }
    const session = await openSession(runtime, sealed);
    if (!session) throw new AppError("INVALID_TOKEN");
    const fresh = await this.#fresh(c, session);
    const actor = await this.tokens.verify(fresh.accessToken);
    if (fresh !== session) await this.#write(c, fresh);
    return { ...actor, via: "cookie", endsAtMs: fresh.endsAtMs };
  }

  async #fresh<A extends Actor>(c: AnyContext<A>, session: SealedSession): Promise<SealedSession> {
    const now = this.runtime.now().getTime();
    if (session.accessEndsAtMs - renewBeforeMs > now) return session;
    try {
      const renewed = await this.#renew(session.refreshToken, clientAddress(c, this.runtime.config));
      if (renewed) return renewed;
    } catch (error) {
      if (session.accessEndsAtMs <= now) throw error;
    }
    if (session.accessEndsAtMs <= now) throw new AppError("INVALID_TOKEN");
    return session;
  }

  /** Requests that come with one cookie at the same moment share one renewal, and so get the same cookie. */
  #renew(refreshToken: string, address: string | null): Promise<SealedSession | null> {
    const now = this.runtime.now().getTime();
    const known = this.#renewals.get(refreshToken);
    if (known && known.until > now) return known.renewal;
    if (this.#renewals.size >= rememberedRenewals) this.#renewals.clear();
    const renewal = refreshAuthSession(this.runtime, refreshToken, address)
      .then((session) => session && this.#toSealed(session));
    this.#renewals.set(refreshToken, { renewal, until: now + sharedMs });
    renewal.catch(() => this.#renewals.delete(refreshToken));
    return renewal;
  }

  #toSealed({ accessToken, refreshToken, expiresIn }: AuthSession): SealedSession {
    const now = this.runtime.now().getTime();
    return {
      accessToken,
      refreshToken,
      accessEndsAtMs: now + expiresIn * 1000,
      endsAtMs: now + maxAgeSeconds * 1000,
    };
  }

  async #write<A extends Actor>(c: AnyContext<A>, session: SealedSession): Promise<void> {
    this.#set(c, await sealSession(this.runtime, session));
  }

  #set<A extends Actor>(c: AnyContext<A>, value: string | null): void {
    const attributes = {
      maxAgeSeconds,
      isSecure: this.#isSecure,
      sameSite: this.runtime.config.cookieSameSite,
    };
    // What the gate has set for a renewed session is over with it.
    c.header("Set-Cookie", undefined);
    for (const header of writeCookie(c.req.header("cookie"), this.#name, value, attributes)) {
      c.header("Set-Cookie", header, { append: true });
    }
  }

  /** Browsers refuse secure cookies of a development server, except those for other sites, which must be. */
  get #isSecure(): boolean {
    const { supabaseUrl, cookieSameSite } = this.runtime.config;
    const { hostname } = new URL(supabaseUrl);
    return cookieSameSite === "none" || !/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  }

  /** The prefix lets browsers take the cookie from this host alone, never from a subdomain. */
  get #name(): string {
    return this.#isSecure ? "__Host-convene" : "convene";
  }
}
