/** What a client or the database sends on a topic. Payloads of the second form pass through unread. */
export type Broadcast =
  | { form: "map"; payload: JsonObject; size: number }
  | {
    form: "message";
    event: string;
    encoding: "json" | "binary";
    payload: Uint8Array<ArrayBuffer>;
    id?: string;
  };

export type JsonObject = Record<string, unknown>;
export type Vsn = "1.0.0" | "2.0.0";
/** Clients number their frames; the numbers go back as they came. */
export type Ref = string | number | null;
export type Encoded = string | Uint8Array<ArrayBuffer>;

export interface Frame {
  joinRef: Ref;
  ref: Ref;
  topic: string;
  event: string;
  payload: JsonObject;
}

/** A frame from a client; `broadcast` is set when its event is one. */
export interface ClientFrame extends Frame {
  broadcast: Broadcast | null;
}

const pushKind = 3;
const broadcastKind = 4;
const encoder = new TextEncoder();

/** Reads a text or binary frame of Phoenix' protocol; null when it is malformed. */
export function decodeFrame(data: string | ArrayBuffer, vsn: Vsn): ClientFrame | null {
  try {
    return typeof data === "string" ? decodeText(data, vsn) : decodePush(new Uint8Array(data));
  } catch {
    return null;
  }
}

/** Writes a frame as an array (2.0.0) or an object (1.0.0, which has no join reference on the way out). */
export function encodeFrame(frame: Frame, vsn: Vsn): string {
  const { joinRef, ref, topic, event, payload } = frame;
  return JSON.stringify(
    vsn === "2.0.0" ? [joinRef, ref, topic, event, payload] : { topic, event, payload, ref },
  );
}

/** Writes a broadcast for the channel that clients call `topic`; null when this version cannot carry it. */
export function encodeBroadcast(topic: string, broadcast: Broadcast, vsn: Vsn): Encoded | null {
  const frame = { joinRef: null, ref: null, topic, event: "broadcast" };
  if (broadcast.form === "map") return encodeFrame({ ...frame, payload: broadcast.payload }, vsn);
  const binary = vsn === "2.0.0" ? encodeBinaryBroadcast(topic, broadcast) : null;
  if (binary) return binary;
  if (broadcast.encoding === "binary") return null;
  const { event, id } = broadcast;
  const payload = JSON.parse(new TextDecoder().decode(broadcast.payload));
  return encodeFrame({
    ...frame,
    payload: { type: "broadcast", event, payload, ...(id && { meta: { id } }) },
  }, vsn);
}

/** What counts against the limit of a message. */
export function broadcastSize(broadcast: Broadcast): number {
  return broadcast.form === "map" ? broadcast.size : broadcast.payload.byteLength;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodeText(text: string, vsn: Vsn): ClientFrame | null {
  const parsed: unknown = JSON.parse(text);
  const [joinRef, ref, topic, event, payload] = vsn === "2.0.0" ? asArray(parsed) : asFields(parsed);
  if (typeof topic !== "string" || typeof event !== "string") return null;
  if (!isRef(joinRef) || !isRef(ref)) return null;
  const body = isJsonObject(payload) ? payload : {};
  const broadcast: Broadcast | null = event === "broadcast"
    ? { form: "map", payload: body, size: encoder.encode(text).byteLength }
    : null;
  return { joinRef: joinRef ?? null, ref: ref ?? null, topic, event, payload: body, broadcast };
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asFields(value: unknown): unknown[] {
  if (!isJsonObject(value)) return [];
  return [value.join_ref, value.ref, value.topic, value.event, value.payload];
}

function isRef(value: unknown): value is Ref | undefined {
  return value === undefined || value === null || typeof value === "string" || typeof value === "number";
}

/** [3, |join_ref|, |ref|, |topic|, |event|, |meta|, encoding] join_ref ref topic event meta payload */
function decodePush(bytes: Uint8Array<ArrayBuffer>): ClientFrame | null {
  const [kind, ...sizes] = bytes.subarray(0, 6);
  const encoding = bytes[6];
  if (kind !== pushKind || encoding === undefined) return null;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let offset = 7;
  const fields = sizes.map((size) => decoder.decode(bytes.subarray(offset, offset += size)));
  if (offset > bytes.length) return null;
  const [joinRef = "", ref = "", topic = "", event = ""] = fields;
  const payload = bytes.subarray(offset);
  // Others would choke on it: the official client does not catch a payload that is no JSON.
  if (encoding !== 0) JSON.parse(decoder.decode(payload));
  return {
    joinRef: joinRef || null,
    ref: ref || null,
    topic,
    event: "broadcast",
    payload: {},
    broadcast: { form: "message", event, encoding: encoding === 0 ? "binary" : "json", payload },
  };
}

/** [4, |topic|, |event|, |meta|, encoding] topic event meta payload; null when a field is longer than 255 bytes. */
function encodeBinaryBroadcast(
  topic: string,
  message: Extract<Broadcast, { form: "message" }>,
): Uint8Array<ArrayBuffer> | null {
  const meta = message.id === undefined ? "" : JSON.stringify({ id: message.id });
  const fields = [topic, message.event, meta].map((field) => encoder.encode(field));
  if (fields.some((field) => field.length > 255)) return null;
  const header = [broadcastKind, ...fields.map((field) => field.length), message.encoding === "json" ? 1 : 0];
  const parts = [new Uint8Array(header), ...fields, message.payload];
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
