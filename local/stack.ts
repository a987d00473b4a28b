import { join } from "node:path";
import { createLogger } from "../functions/_shared/http/log.ts";
import { createAuth } from "./auth/auth.ts";
import { liteAuthOptions } from "./auth/config.ts";
import { type AuthOverrides, readAuthConfig } from "./auth/config_file.ts";
import { createConsole } from "./console/console.ts";
import { createDataApi } from "./data_api.ts";
import { createLite } from "./database/lite.ts";
import { lockFolder } from "./database/lock.ts";
import { migrate, readMigrations } from "./database/migrations.ts";
import { PgliteDatabase } from "./database/pglite.ts";
import { type DefaultPrivileges, dropPlatform, hasPlatform, installPlatform } from "./database/platform.ts";
import { PostgresDatabase } from "./database/postgres.ts";
import { type FunctionHost, hostFunctions } from "./functions.ts";
import { functionEnvironment } from "./function_environment.ts";
import { createGateway } from "./gateway.ts";
import { Inbox } from "./inbox.ts";
import { loadKeys, type ProjectKeys } from "./keys.ts";
import { createRealtime, type Realtime } from "./realtime/server.ts";
import { settledWithin } from "./settled_within.ts";
import { StripeSimulator, type StripeSimulatorOptions } from "./stripe/simulator.ts";
import { createFiles } from "./storage/files.ts";
import { createStorage } from "./storage/storage.ts";
import { TokenAuthority } from "./tokens.ts";

export interface StackOptions {
  /** 0 takes any free port. */
  port: number;
  /** Where data and keys live; null keeps both in memory. */
  folder: string | null;
  /** A PostgreSQL server to use instead of PGlite. */
  databaseUrl?: string | undefined;
  /** A server that takes no connection within this time is down; default: ten seconds. */
  connectTimeoutMs?: number;
  defaultPrivileges?: DefaultPrivileges | undefined;
  /** Drops the data of earlier starts; keys stay. */
  fresh?: boolean;
  /** Whether a new database gets the people and events of supabase/seed.sql. */
  seed: boolean;
  /** How often the worker runs by itself; null: only when it is called. */
  workerEveryMs: number | null;
  /** Environment of the functions beyond what the platform provides. */
  env?: Record<string, string>;
  /** Settings of Auth that differ from supabase/config.toml; its limits are generous. */
  auth?: AuthOverrides;
  /** How the simulated Stripe differs from its defaults. */
  stripe?: StripeSimulatorOptions;
  now?: () => Date;
  /** Receives the functions' log. */
  write(line: string): void;
  /** Hears what the start is doing. */
  onProgress?(step: string): void;
}

/** The whole product in one process: database, Data API, Auth, Realtime, functions, worker and console. */
export interface Stack {
  readonly url: string;
  readonly keys: ProjectKeys;
  readonly database: PgliteDatabase | PostgresDatabase;
  readonly inbox: Inbox;
  /** The simulated Stripe, and what people, banks and networks do to it. */
  readonly stripe: StripeSimulator;
  readonly functions: FunctionHost;
  readonly realtime: Realtime;
  readonly tokens: TokenAuthority;
  /** Runs the worker once, as the schedule does. */
  runWorker(): Promise<Response>;
  close(): Promise<void>;
}

/** How long a request under way may still take when the stack stops. */
const farewellMs = 5_000;

/**
 * Starts everything. What was started is stopped again when a later step fails.
 *
 * @throws {Deno.errors.AddrInUse} when the port is taken
 * @throws {FolderLockedError} when another stack holds the folder
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const cleanUp = new AsyncDisposableStack();
  try {
    return await start(options, cleanUp);
  } catch (error) {
    await cleanUp.disposeAsync();
    throw error;
  }
}

async function start(options: StackOptions, cleanUp: AsyncDisposableStack): Promise<Stack> {
  const progress = options.onProgress ?? (() => {});
  const clock = options.now ?? (() => new Date());
  const logger = createLogger({ now: clock, write: options.write }, {});
  let answer: (request: Request, address: string) => Promise<Response> = () =>
    Promise.resolve(Response.json({ status: "starting" }, { status: 503, headers: { "retry-after": "1" } }));
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: options.port,
    onListen: () => {},
    handler: (request, { remoteAddr }) => answer(request, remoteAddr.hostname),
    onError: (cause) => {
      logger.error("gateway", { cause });
      return Response.json({ code: "INTERNAL", message: "Internal server error" }, { status: 500 });
    },
  });
  cleanUp.defer(() => settledWithin(server.shutdown(), farewellMs));
  const url = `http://127.0.0.1:${server.addr.port}`;

  const database = await openDatabase(options, cleanUp, progress);
  const keys = await loadKeys(options.folder);
  const tokens = await TokenAuthority.create(keys, url);
  const inbox = new Inbox();
  const authConfig = await readAuthConfig({ generousLimits: true, ...options.auth });
  progress("starting Data API, Auth and Realtime");
  const lite = await createLite(database, {
    jwtSecret: keys.innerSecret,
    siteUrl: authConfig.siteUrl,
    jwtExpiry: authConfig.jwtExpirySeconds,
    auth: liteAuthOptions(authConfig, url),
    files: createFiles(options.folder && join(options.folder, "storage")),
    sendEmail: ({ to, subject, text = "" }) => inbox.add({ kind: "email", to, subject, text }),
  });
  const report = (cause: unknown) => logger.error("auth", { cause });
  const auth = createAuth({ database, lite, tokens, inbox, config: authConfig, clock, report });
  const realtime = await createRealtime({
    database,
    tokens,
    ...keys,
    log: (code, cause) => logger.warning("realtime", { code, cause }),
  });
  cleanUp.defer(() => realtime.close());

  progress("starting the functions");
  const stripe = new StripeSimulator(url, clock, options.stripe);
  const env = functionEnvironment(url, keys, options.env, stripe.credentials);
  const functions = hostFunctions(env, {
    write: options.write,
    now: clock,
    project: { url, fetch: (request) => answer(request, "127.0.0.1") },
  });
  cleanUp.defer(() => functions.settle());
  cleanUp.defer(() => stripe.close());
  const runWorker = () =>
    functions.fetch(
      new Request(`${url}/functions/v1/worker/run`, {
        method: "POST",
        headers: { authorization: `Bearer ${keys.workerToken}` },
      }),
      "127.0.0.1",
    );
  if (options.workerEveryMs !== null) cleanUp.defer(repeat(runWorker, options.workerEveryMs));
  const dataApi = createDataApi({ lite, keys, tokens });
  answer = createGateway({
    keys,
    auth,
    realtime,
    functions,
    database,
    inbox,
    mailKey: env.RESEND_API_KEY ?? "",
    stripe,
    dataApi,
    storage: createStorage({ lite, keys, dataApi }),
    console: createConsole({ url, keys, database, inbox, stripe, functions, folder: options.folder }),
  });
  // lite reads the whole catalogue for its first request; the first client should not wait for that.
  await (await fetch(`${url}/rest/v1/providers?limit=0`, { headers: { apikey: keys.publishableKey } })).body
    ?.cancel();
  return {
    url,
    keys,
    database,
    inbox,
    stripe,
    functions,
    realtime,
    tokens,
    runWorker,
    close: () => cleanUp.disposeAsync(),
  };
}

async function openDatabase(
  options: StackOptions,
  cleanUp: AsyncDisposableStack,
  progress: (step: string) => void,
): Promise<PgliteDatabase | PostgresDatabase> {
  let database: PgliteDatabase | PostgresDatabase;
  if (options.databaseUrl) {
    progress("connecting to PostgreSQL");
    database = await PostgresDatabase.open(options.databaseUrl, options);
  } else if (options.folder) {
    const lock = await lockFolder(options.folder);
    cleanUp.defer(() => lock.release());
    const data = join(options.folder, "data");
    for (const dropped of options.fresh ? [data, join(options.folder, "storage")] : []) {
      await Deno.remove(dropped, { recursive: true }).catch(ignoreMissing);
    }
    progress(`opening PGlite in ${options.folder}`);
    database = await PgliteDatabase.open(data);
  } else {
    progress("opening PGlite in memory");
    database = await PgliteDatabase.open("memory");
  }
  cleanUp.defer(() => database.close());

  if (options.fresh && options.databaseUrl) await dropPlatform(database);
  const isNew = !await hasPlatform(database);
  if (isNew) {
    progress("installing the platform: roles, auth, storage, realtime");
    await database.transaction((sql) => installPlatform(sql, options.defaultPrivileges ?? "old"));
  }
  const applied = await migrate(database, await readMigrations());
  if (applied > 0) progress(`applied ${applied} migrations`);
  if (isNew && options.seed) {
    progress("planting sample people and events");
    await database.script(await Deno.readTextFile(new URL("../supabase/seed.sql", import.meta.url)));
  }
  return database;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Runs `work` again and again, never twice at once; the answer stops it and waits for the last run. */
function repeat(work: () => Promise<unknown>, everyMs: number): () => Promise<void> {
  let isStopped = false;
  let running: Promise<unknown> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = () => {
    timer = setTimeout(() => {
      running = work().catch(() => {}).finally(() => isStopped || next());
    }, everyMs);
  };
  next();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
  };
}
