import { type AuthError, createClient, type SupabaseClient, type User } from "@supabase/supabase-js";
import { type Auth, createAuth } from "../../local/auth/auth.ts";
import { liteAuthOptions } from "../../local/auth/config.ts";
import { type AuthOverrides, readAuthConfig } from "../../local/auth/config_file.ts";
import type { Database, Sql } from "../../local/database/database.ts";
import { createLite } from "../../local/database/lite.ts";
import { createFiles } from "../../local/storage/files.ts";
import { PgliteDatabase } from "../../local/database/pglite.ts";
import { installPlatform } from "../../local/database/platform.ts";
import { PostgresDatabase } from "../../local/database/postgres.ts";
import { Inbox } from "../../local/inbox.ts";
import { loadKeys, type ProjectKeys } from "../../local/keys.ts";
import { TokenAuthority } from "../../local/tokens.ts";
import { shutDown } from "../support/shut_down.ts";

/** A clock that a test moves forward. */
export class TestClock {
  #aheadMs = 0;
  #stoppedAtMs: number | null = null;

  readonly now = (): Date => new Date((this.#stoppedAtMs ?? Date.now()) + this.#aheadMs);

  advance(seconds: number): void {
    this.#aheadMs += seconds * 1000;
  }

  /** From now on it goes only as far as it is advanced: what is counted by time does not depend on the test's. */
  stop(): void {
    this.#stoppedAtMs = Date.now();
  }
}

/** A database with the platform in it: PGlite in memory, or one of our own on the server behind DATABASE_URL. */
export interface TestDatabase {
  database: PgliteDatabase | PostgresDatabase;
  close(): Promise<void>;
}

export async function openDatabase(): Promise<TestDatabase> {
  const server = Deno.env.get("DATABASE_URL");
  const opened = server ? await createScratchDatabase(server) : await openMemory();
  await opened.database.transaction((sql: Sql) => installPlatform(sql, "old"));
  return opened;
}

async function openMemory(): Promise<TestDatabase> {
  const database = await PgliteDatabase.open("memory");
  return { database, close: () => database.close() };
}

async function createScratchDatabase(server: string): Promise<TestDatabase> {
  const name = `auth_test_${crypto.randomUUID().replaceAll("-", "")}`;
  const url = new URL(server);
  const onServer = async (statement: string) => {
    const administration = await PostgresDatabase.open(server);
    await administration.script(statement);
    await administration.close();
  };
  await onServer(`create database ${name}`);
  url.pathname = `/${name}`;
  const database = await PostgresDatabase.open(url.href);
  return {
    database,
    async close() {
      await database.close();
      await onServer(`drop database ${name} with (force)`);
    },
  };
}

/** Auth over HTTP behind a gateway that checks the API key, as the embedded stack has one. */
export interface TestAuth {
  url: string;
  keys: ProjectKeys;
  tokens: TokenAuthority;
  inbox: Inbox;
  clock: TestClock;
  database: Database;
  /** Paths below `/auth/v1` that were asked for, in order. */
  requests: string[];
  /** A browser with a session of its own. */
  client(options?: { flowType?: "pkce" | "implicit" }): SupabaseClient;
  /** The secret key's client. */
  admin(): SupabaseClient;
  /** A bare request below `/auth/v1`. */
  fetch(path: string, init?: RequestInit & { key?: "publishable" | "secret" | "none" }): Promise<Response>;
  close(): Promise<void>;
}

/** Settings, and the address that the gateway sees. */
export type Overrides = AuthOverrides & { address?: string };

const keylessPath = /^\/auth\/v1\/(verify|callback|authorize|\.well-known\/.*)$/;

export async function startAuth(
  { database }: Pick<TestDatabase, "database">,
  { address = "127.0.0.1", ...settings }: Overrides = {},
): Promise<TestAuth> {
  const config = await readAuthConfig({ generousLimits: true, passwordHashCost: 4, ...settings });
  const [keys, inbox, clock] = [await loadKeys(null), new Inbox(), new TestClock()];
  const gateway = startGateway(keys, address);
  const { url } = gateway;
  const lite = await createLite(database, {
    jwtSecret: keys.innerSecret,
    files: createFiles(null),
    siteUrl: config.siteUrl,
    jwtExpiry: config.jwtExpirySeconds,
    auth: liteAuthOptions(config, url),
    sendEmail: ({ to, subject, text = "" }) => inbox.add({ kind: "email", to, subject, text }),
  });
  const tokens = await TokenAuthority.create(keys, url);
  const report = Deno.env.has("AUTH_TEST_VERBOSE") ? reportFailure : () => {};
  gateway.open(createAuth({ database, lite, tokens, inbox, config, clock: clock.now, report }));
  const client = (key: string, flowType: "pkce" | "implicit" = "implicit") =>
    createClient(url, key, {
      auth: { autoRefreshToken: false, persistSession: false, flowType, storageKey: crypto.randomUUID() },
    });
  return {
    url,
    keys,
    tokens,
    inbox,
    clock,
    database,
    requests: gateway.requests,
    client: ({ flowType } = {}) => client(keys.publishableKey, flowType),
    admin: () => client(keys.secretKey),
    fetch: (path, { key = "publishable", ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (key !== "none") headers.set("apikey", key === "secret" ? keys.secretKey : keys.publishableKey);
      return fetch(`${url}/auth/v1${path}`, { redirect: "manual", ...init, headers });
    },
    close: gateway.close,
  };
}

/** Listens at once, because the issuer of the tokens contains the port, and answers when it is opened. */
function startGateway(keys: ProjectKeys, address: string) {
  const requests: string[] = [];
  const opened = Promise.withResolvers<Auth>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    requests.push(`${request.method} ${pathname}`);
    const key = keyKind(keys, request.headers.get("apikey"));
    if (!key && !keylessPath.test(pathname)) {
      return Response.json({ message: "Invalid API key" }, { status: 401 });
    }
    return await (await opened.promise).fetch(request, { key, address });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    open: opened.resolve,
    close: () => shutDown(server),
  };
}

/** One database per test file, and Auth over it with as many settings as the tests need. */
export class Stack {
  #database: TestDatabase | null = null;
  #started: TestAuth[] = [];

  private constructor(readonly overrides: Overrides) {}

  /** Opens before the first test of the file and closes after the last. */
  static use(overrides: Overrides = {}): Stack {
    const stack = new Stack(overrides);
    Deno.test.beforeAll(async () => {
      stack.#database = await openDatabase();
      await stack.start(overrides);
    });
    Deno.test.afterAll(async () => {
      for (const started of stack.#started) await started.close();
      await stack.#database?.close();
    });
    return stack;
  }

  /** Auth with the settings of the file. */
  get auth(): TestAuth {
    return this.#started[0]!;
  }

  /** Auth with other settings over the same database. */
  async start(overrides: Overrides): Promise<TestAuth> {
    const started = await startAuth(this.#database!, { ...this.overrides, ...overrides });
    this.#started.push(started);
    return started;
  }
}

function keyKind(keys: ProjectKeys, key: string | null): "publishable" | "secret" | null {
  if (key === keys.secretKey) return "secret";
  return key === keys.publishableKey ? "publishable" : null;
}

function reportFailure(error: unknown): void {
  // deno-lint-ignore no-console
  console.error(error, error instanceof Error ? error.cause : "");
}

/** A test against a server and a pool that live longer than itself. */
export function test(name: string, fn: () => Promise<void>): void {
  const run = async () => {
    await fn();
    // PGlite's runtime sets it when it starts and after every failed statement.
    Deno.exitCode = 0;
  };
  Deno.test({ name, fn: run, sanitizeOps: false, sanitizeResources: false });
}

/** Signs somebody new up, who is then signed in. */
export async function signUp(
  auth: TestAuth,
): Promise<{ client: SupabaseClient; user: User; email: string; password: string }> {
  const { email, password } = person();
  const client = auth.client();
  const { data, error } = await client.auth.signUp({ email, password });
  if (error || !data.user) throw error ?? new Error("The sign-up answered no user");
  return { client, user: data.user, email, password };
}

/** The access token of a signed-in client. */
export async function accessToken(client: SupabaseClient): Promise<string> {
  const { data: { session } } = await client.auth.getSession();
  if (!session) throw new Error("The client is not signed in");
  return session.access_token;
}

/** What identifies a refusal: status and code. */
export function refusal(error: AuthError | null): [number | undefined, string | undefined] {
  return [error?.status, error?.code];
}

let numbers = Date.now() % 1_000_000_000;

/** Somebody new. */
export function person(): { email: string; password: string; phone: string; name: string } {
  const id = crypto.randomUUID();
  numbers += 1;
  return {
    email: `${id}@example.com`,
    password: `password ${id}`,
    phone: `+1${String(numbers).padStart(10, "2")}`,
    name: `Person ${id.slice(0, 8)}`,
  };
}

/** The code in a message. */
export function codeIn(text: string): string {
  const [code] = /\b\d{6}\b/.exec(text) ?? [];
  if (!code) throw new Error("The message carries no code");
  return code;
}

/** The link in a message. */
export function linkIn(text: string): string {
  const [link] = /https?:\/\/\S+/.exec(text) ?? [];
  if (!link) throw new Error("The message carries no link");
  return link;
}
