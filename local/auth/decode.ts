import { badJson, isObject, type Json, type JsonObject, parseJson, readText } from "./json.ts";

/** The members of a body and their types; `?` keeps "absent" apart from the zero value. */
export type Fields = Record<string, "string" | "string?" | "bool" | "bool?" | "object">;

type Value<Kind> = Kind extends "string" ? string
  : Kind extends "string?" ? string | null
  : Kind extends "bool" ? boolean
  : Kind extends "bool?" ? boolean | null
  : JsonObject | null;

export type Decoded<F extends Fields> = { [Name in keyof F]: Value<F[Name]> };

const goTypes: Record<string, string> = { string: "string", bool: "bool", object: "map[string]interface {}" };

/**
 * Reads a body as Go's decoder does: unknown members are ignored, absent and null ones get the zero value, and
 * a wrong type is refused with GoTrue's text.
 *
 * @param name GoTrue's name of the parameters, for that text
 */
export async function decodeBody<F extends Fields>(
  request: Request,
  name: string,
  fields: F,
): Promise<Decoded<F>> {
  return decode(parseJson(await readText(request)), name, fields);
}

/** The same for a request whose body may be missing altogether. */
export async function decodeOptionalBody<F extends Fields>(
  request: Request,
  name: string,
  fields: F,
): Promise<Decoded<F>> {
  const text = await readText(request);
  return decode(text === null ? {} : parseJson(text), name, fields);
}

function decode<F extends Fields>(body: Json, name: string, fields: F): Decoded<F> {
  if (body !== null && !isObject(body)) {
    throw badJson(`json: cannot unmarshal ${jsonKind(body)} into Go value of type api.${name}`);
  }
  const decoded = Object.entries(fields).map(([field, kind]) => {
    const type = kind.replace("?", "");
    const value = body && Object.hasOwn(body, field) ? body[field] ?? null : null;
    if (value === null) return [field, kind === "string" ? "" : kind === "bool" ? false : null];
    if (jsonKind(value) !== type) {
      const target = `${name}.${field} of type ${goTypes[type]}`;
      throw badJson(`json: cannot unmarshal ${jsonKind(value)} into Go struct field ${target}`);
    }
    return [field, value];
  });
  return Object.fromEntries(decoded);
}

function jsonKind(value: Json): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
