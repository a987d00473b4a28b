import { AuthError } from "./errors.ts";

export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

const largestBody = 1024 * 1024;
/** PostgreSQL and JSON.stringify recurse; nobody's metadata is deeper. */
const deepest = 200;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body as text, or null when the request has none. */
export async function readText(request: Request): Promise<string | null> {
  if (!request.body) return null;
  const decoder = new TextDecoder();
  let [text, size] = ["", 0];
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > largestBody) throw new AuthError(413, "validation_failed", "Request body too large");
    text += decoder.decode(chunk, { stream: true });
  }
  return size === 0 ? null : text + decoder.decode();
}

/** Parses a body; the database must be able to store every text in it. */
export function parseJson(text: string | null): Json {
  if (text === null) throw badJson("unexpected end of JSON input");
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw badJson(complaint(text));
  }
  return storable(value, 0);
}

export function badJson(reason: string): AuthError {
  return new AuthError(400, "bad_json", `Could not parse request body as JSON: ${reason}`);
}

/** Go's complaint, as far as it helps: the first character, or the end. */
function complaint(text: string): string {
  const first = text.trimStart()[0];
  if (first === undefined) return "unexpected end of JSON input";
  return /[[{"\d\-tfn]/.test(first)
    ? "invalid character in JSON input"
    : `invalid character ${JSON.stringify(first)} looking for beginning of value`;
}

function storable(value: Json, depth: number): Json {
  if (depth > deepest) throw badJson("exceeded max depth");
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map((item) => storable(item, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [storableText(key), storable(item, depth + 1)]),
  );
}

/** Replaces lone surrogates as Go does, and refuses NUL, which no column of PostgreSQL takes. */
function storableText(text: string): string {
  if (text.includes("\0")) throw badJson("invalid character '\\x00' in string literal");
  return text.toWellFormed();
}
