import type { Database } from "../database/database.ts";
import { settledWithin } from "../settled_within.ts";
import type { TokenAuthority } from "../tokens.ts";
import { Authorization, type Log } from "./authorization.ts";
import { Feed } from "./feed.ts";
import type { Vsn } from "./frames.ts";
import { identifyKey, type Identity } from "./identity.ts";
import type { Services } from "./join.ts";
import { limits } from "./limits.ts";
import { json, RestBroadcast } from "./rest.ts";
import { SocketSession } from "./socket.ts";
import { Topics } from "./topics.ts";

export interface RealtimeOptions {
  database: Database;
  tokens: TokenAuthority;
  publishableKey: string;
  secretKey: string;
  /** Receives what hosted writes to its log: a code and its cause. Nothing is logged without it. */
  log?: Log;
}

export interface Realtime {
  /** Answers requests whose path begins with `/realtime/v1`. */
  fetch(request: Request): Promise<Response>;
  /** Closes every connection, as a restart of hosted Realtime does; clients come back by themselves. */
  dropSockets(): void;
  /** Stops listening and closes every connection. The database stays open. */
  close(): Promise<void>;
}

/** How long `close` waits for clients to answer the closing of their connection. */
const farewellMs = 1_000;

/** Hosted Realtime's broadcast, presence and authorisation, for the official clients, over one database. */
export async function createRealtime(options: RealtimeOptions): Promise<Realtime> {
  const log = options.log ?? (() => {});
  const topics = new Topics();
  const authorization = new Authorization(options.database, log);
  const feed = await Feed.start({ database: options.database, topics, log });
  return new RealtimeServer({ topics, authorization, tokens: options.tokens, log }, feed, options);
}

class RealtimeServer implements Realtime {
  readonly #rest: RestBroadcast;
  readonly #sessions = new Map<SocketSession, Promise<void>>();
  #isClosed = false;

  constructor(
    readonly services: Services,
    readonly feed: Feed,
    readonly keys: { publishableKey: string; secretKey: string },
  ) {
    this.#rest = new RestBroadcast(services);
  }

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.replace(/^\/realtime\/v1/, "");
    const isSocket = path === "/websocket";
    const target = request.method === "POST" ? parseBroadcastPath(path) : null;
    if (!isSocket && !target) return json(404, { message: "Not found" });
    const given = request.headers.get("apikey") ?? request.headers.get("x-api-key") ??
      url.searchParams.get("apikey");
    const key = identifyKey(given, this.keys);
    if (!key) return json(401, { message: given ? "Invalid API key" : "No API key found in request" });
    if (this.#isClosed) return json(503, { message: "Realtime is restarting, please standby" });
    if (isSocket) return this.#upgrade(request, { key, vsn: url.searchParams.get("vsn") ?? "1.0.0" });
    if (target?.topic === undefined) return await this.#rest.sendBatch(request, key);
    return await this.#rest.sendOne(request, key, target);
  }

  dropSockets(): void {
    for (const session of this.#sessions.keys()) session.disconnect();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const sessions = [...this.#sessions];
    this.dropSockets();
    await Promise.all(sessions.map(([session]) => session.settled()));
    await this.feed.close();
    await settledWithin(Promise.all(sessions.map(([, gone]) => gone)), farewellMs);
  }

  #upgrade(request: Request, { key, vsn }: { key: Identity; vsn: string }): Response {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return json(426, { message: "This address takes WebSocket connections only" });
    }
    if (!isVsn(vsn)) return json(400, { message: `Unsupported protocol version ${vsn}` });
    // Read first: the upgrade takes the request away.
    const headers = Object.fromEntries([...request.headers].filter(([name]) => name.startsWith("x-")));
    const upgrade = upgraded(request);
    if (!upgrade) return json(400, { message: "The headers of a WebSocket's opening are not complete" });
    const { socket, response } = upgrade;
    const session = new SocketSession(this.services, socket, { vsn, key, headers });
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#watch(session);
    socket.onmessage = ({ data }) => session.receive(data);
    // A close event follows every error.
    socket.onerror = (event) => event.preventDefault();
    return response;
  }

  /** Keeps a session until its socket is closed and its last frame handled. */
  #watch(session: SocketSession): void {
    const gone = new Promise<void>((resolve) => session.socket.onclose = () => resolve()).then(async () => {
      session.end();
      await session.settled();
      this.#sessions.delete(session);
    });
    this.#sessions.set(session, gone);
    if (this.#isClosed) session.disconnect();
  }
}

/** Null when a header that RFC 6455 asks for is missing or not its. */
function upgraded(request: Request): Deno.WebSocketUpgrade | null {
  try {
    return Deno.upgradeWebSocket(request, { idleTimeout: limits.idleTimeoutSeconds });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

type BroadcastTarget = { topic: string; event: string } | { topic?: undefined };

function parseBroadcastPath(path: string): BroadcastTarget | null {
  if (path === "/api/broadcast") return {};
  const [, topic, event] = /^\/api\/broadcast\/([^/]+)\/events\/([^/]+)$/.exec(path) ?? [];
  if (!topic || !event) return null;
  try {
    return { topic: decodeURIComponent(topic), event: decodeURIComponent(event) };
  } catch {
    return null;
  }
}

function isVsn(text: string): text is Vsn {
  return text === "1.0.0" || text === "2.0.0";
}
