import { AuthorizationUnavailableError } from "./authorization.ts";
import { type Broadcast, broadcastSize, isJsonObject, type JsonObject } from "./frames.ts";
import { identifyToken, type Identity, isApiKey } from "./identity.ts";
import type { Services } from "./join.ts";
import { limits } from "./limits.ts";

type Message = { topic: string; isPrivate: boolean; broadcast: Extract<Broadcast, { form: "message" }> };
type FieldErrors = Record<string, string[]>;

const tooLarge = "Payload size exceeds tenant limit";

/**
 * Broadcast over HTTP, for clients that are not on the topic.
 *
 * The two endpoints differ as they do on hosted: of a batch, private messages that the sender may not write are
 * dropped under a 202; a single message is answered with 403.
 */
export class RestBroadcast {
  constructor(readonly services: Services) {}

  /** `POST /api/broadcast` with `{messages: [{topic, event, payload, private}]}`. */
  async sendBatch(request: Request, key: Identity): Promise<Response> {
    const identity = await this.#identify(request, key);
    if (!identity) return unauthorized();
    const body = await readJson(request);
    if (body === undefined) return json(400, { message: "The body is not JSON" });
    const parsed = parseBatch(body);
    if ("errors" in parsed) return json(422, parsed);
    const mayWrite = new Map<string, boolean>();
    for (const message of parsed.messages) {
      if (message.isPrivate && !mayWrite.has(message.topic)) {
        mayWrite.set(message.topic, await this.#mayWrite(request, message.topic, identity));
      }
      if (!message.isPrivate || mayWrite.get(message.topic)) this.#send(message);
    }
    return new Response(null, { status: 202 });
  }

  /** `POST /api/broadcast/<topic>/events/<event>`; the body is the payload, JSON or bytes. */
  async sendOne(
    request: Request,
    key: Identity,
    target: { topic: string; event: string },
  ): Promise<Response> {
    const identity = await this.#identify(request, key);
    if (!identity) return unauthorized();
    const encoding = encodingOf(request);
    if (!encoding) return json(415, { message: "Unsupported media type" });
    const payload = await request.bytes().catch(() => null);
    if (!payload || (encoding === "json" && !isJson(payload))) {
      return json(400, { message: "The body is not JSON" });
    }
    const broadcast = { form: "message", event: target.event, encoding, payload } as const;
    if (broadcastSize(broadcast) > limits.payloadBytes) return json(422, { errors: { payload: [tooLarge] } });
    const isPrivate = new URL(request.url).searchParams.get("private") === "true";
    if (isPrivate && !await this.#mayWrite(request, target.topic, identity)) {
      return json(403, { message: "Unauthorized" });
    }
    this.#send({ topic: target.topic, isPrivate, broadcast });
    return new Response(null, { status: 202 });
  }

  /** The bearer of a token, else of the key; null when the token is not good. */
  async #identify(request: Request, key: Identity): Promise<Identity | null> {
    const [, token] = /^bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    if (!token || isApiKey(token)) return key;
    const identity = await identifyToken(token, this.services.tokens);
    return identity.refused ? null : identity;
  }

  async #mayWrite(request: Request, topic: string, { claims }: Identity): Promise<boolean> {
    try {
      const question = { topic, claims, headers: Object.fromEntries(request.headers) };
      return await this.services.authorization.canWrite(question, "broadcast");
    } catch (error) {
      if (!(error instanceof AuthorizationUnavailableError)) throw error;
      this.services.log("UnableToConnectToProject", error);
      return false;
    }
  }

  #send({ topic, isPrivate, broadcast }: Message): void {
    this.services.topics.find(topic, isPrivate)?.broadcast(broadcast);
  }
}

export function json(status: number, body: JsonObject): Response {
  return Response.json(body, { status });
}

function unauthorized(): Response {
  return json(401, { message: "Unauthorized" });
}

function encodingOf(request: Request): "json" | "binary" | null {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  return type === "application/json" ? "json" : type === "application/octet-stream" ? "binary" : null;
}

async function readJson(request: Request): Promise<unknown> {
  return await request.json().catch(() => undefined);
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function parseBatch(
  body: unknown,
): { messages: Message[] } | { errors: { messages: (FieldErrors | string)[] } } {
  const items = isJsonObject(body) ? body.messages : undefined;
  if (!Array.isArray(items) || items.length === 0) return { errors: { messages: ["can't be blank"] } };
  if (items.length > limits.batchMessages) {
    return { errors: { messages: [`should have at most ${limits.batchMessages} item(s)`] } };
  }
  const parsed = items.map(parseMessage);
  const errors = parsed.map((item) => "broadcast" in item ? {} : item);
  if (errors.some((item) => Object.keys(item).length > 0)) return { errors: { messages: errors } };
  return { messages: parsed.filter((item): item is Message => "broadcast" in item) };
}

function parseMessage(item: unknown): Message | FieldErrors {
  const { topic, event, payload, private: isPrivate } = isJsonObject(item) ? item : {};
  if (typeof topic !== "string" || topic === "") return { topic: ["can't be blank"] };
  if (typeof event !== "string" || event === "") return { event: ["can't be blank"] };
  if (!isJsonObject(payload)) return { payload: [payload === undefined ? "can't be blank" : "is invalid"] };
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  if (bytes.byteLength > limits.payloadBytes) return { payload: [tooLarge] };
  return {
    topic,
    isPrivate: isPrivate === true || isPrivate === "true",
    broadcast: { form: "message", event, encoding: "json", payload: bytes },
  };
}
