import type { TokenAuthority } from "../tokens.ts";
import {
  type Authorization,
  AuthorizationUnavailableError,
  type Log,
  type Permissions,
} from "./authorization.ts";
import { type Encoded, isJsonObject, type JsonObject, type Vsn } from "./frames.ts";
import { identifyToken, type Identity, isApiKey, type Refusal, refuse } from "./identity.ts";
import type { Topics } from "./topics.ts";

export interface Services {
  topics: Topics;
  authorization: Authorization;
  tokens: TokenAuthority;
  log: Log;
}

/** The connection that a channel runs over. */
export interface Link {
  readonly vsn: Vsn;
  /** Whom the API key stands for that opened the connection. */
  readonly key: Identity;
  readonly headers: Record<string, string>;
  send(encoded: Encoded): void;
}

export interface JoinConfig {
  isPrivate: boolean;
  hearsItself: boolean;
  wantsAck: boolean;
  presenceKey: string;
  wantsPresence: boolean;
  wantsReadiness: boolean;
}

/** What a channel may do, as of its token. */
export interface Admission {
  refused: false;
  config: JoinConfig;
  identity: Identity;
  permissions: Permissions;
}

export interface Applicant {
  services: Services;
  link: Link;
  name: string;
}

/**
 * Decides over a join.
 *
 * Two things that hosted offers are refused in words, because a client that waits for them must not believe that they
 * come: Postgres Changes (this project's realtime is broadcast from the database) and the replay of old messages.
 */
export async function admit(applicant: Applicant, payload: JsonObject): Promise<Admission | Refusal> {
  if (applicant.name === "") return refuse("TopicNameRequired", "You must provide a topic name");
  const config = readConfig(payload);
  if ("refused" in config) return config;
  const identity = await identifyBearer(applicant, payload);
  return identity.refused ? identity : await permit(applicant, { config, identity });
}

/** Reads what the policies permit on the topic; refuses when they permit to read nothing. */
export async function permit(
  { services, link, name }: Applicant,
  { config, identity }: { config: JoinConfig; identity: Identity },
): Promise<Admission | Refusal> {
  const everything = { broadcast: true, presence: true };
  if (!config.isPrivate) return { refused: false, config, identity, permissions: everything };
  try {
    const question = { topic: name, claims: identity.claims, headers: link.headers };
    const permissions = await services.authorization.canRead(question);
    if (permissions.broadcast || (config.wantsPresence && permissions.presence)) {
      return { refused: false, config, identity, permissions };
    }
    return refuse("Unauthorized", `You do not have permissions to read from this Channel topic: ${name}`);
  } catch (error) {
    if (!(error instanceof AuthorizationUnavailableError)) throw error;
    services.log("UnableToConnectToProject", error);
    return refuse("UnableToConnectToProject", "Realtime was unable to connect to the project database");
  }
}

/** A client without a session sends its API key as token, or none: then it acts as its connection's key. */
async function identifyBearer(
  { services, link }: Applicant,
  payload: JsonObject,
): Promise<Identity | Refusal> {
  const token = payload.access_token ?? payload.user_token;
  if (typeof token !== "string" || isApiKey(token)) return link.key;
  return await identifyToken(token, services.tokens);
}

function readConfig(payload: JsonObject): JoinConfig | Refusal {
  const config = fieldsOf(payload.config);
  const broadcast = fieldsOf(config.broadcast);
  const presence = fieldsOf(config.presence);
  if (Array.isArray(config.postgres_changes) && config.postgres_changes.some((change) => change !== null)) {
    return refuse(
      "PostgresChangesNotSupported",
      "The embedded Realtime has no Postgres Changes; use broadcast from the database",
    );
  }
  if (isJsonObject(broadcast.replay)) {
    return refuse("UnableToReplayMessages", "The embedded Realtime does not replay messages");
  }
  return {
    isPrivate: isTrue(config.private),
    hearsItself: isTrue(broadcast.self),
    wantsAck: isTrue(broadcast.ack),
    presenceKey: isKey(presence.key) ? String(presence.key) : crypto.randomUUID(),
    // As on hosted: a client that says nothing of presence is one from before the switch, and gets it.
    wantsPresence: isJsonObject(config.presence) ? isTrue(presence.enabled) : true,
    wantsReadiness: isTrue(broadcast.replication_ready),
  };
}

function fieldsOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

function isKey(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || typeof value === "number" ||
    typeof value === "boolean";
}
