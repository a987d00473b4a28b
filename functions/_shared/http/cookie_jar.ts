/** Browsers drop a cookie of more than 4096 bytes, its name included. */
const maxValueLength = 3800;
/** More would not pass the header limits on the way; a session has one or two. */
const maxChunks = 8;

export interface CookieAttributes {
  maxAgeSeconds: number;
  isSecure: boolean;
  sameSite: "lax" | "none";
}

/** The value that a Cookie header has under a name, put together from `name.0`, `name.1`, ... when it was too large. */
export function readCookie(header: string | undefined, name: string): string | null {
  const cookies = parse(header);
  const whole = cookies.get(name);
  if (whole !== undefined) return whole;
  const chunks: string[] = [];
  for (let chunk; (chunk = cookies.get(`${name}.${chunks.length}`)) !== undefined;) chunks.push(chunk);
  return chunks.length > 0 ? chunks.join("") : null;
}

/**
 * The Set-Cookie headers that store a value, or remove it when it is null. Names that the browser has from a value of
 * another size are removed as well.
 *
 * @param header the request's Cookie header
 */
export function writeCookie(
  header: string | undefined,
  name: string,
  value: string | null,
  attributes: CookieAttributes,
): string[] {
  const chunks = value === null ? [] : split(value);
  const kept = chunks.length === 1 ? [name] : chunks.map((_, index) => `${name}.${index}`);
  const stale = [...parse(header).keys()].filter((key) => isOf(name, key) && !kept.includes(key));
  const after = suffix(attributes);
  return [
    ...chunks.map((chunk, index) => `${kept[index]}=${chunk}; Max-Age=${attributes.maxAgeSeconds}${after}`),
    ...stale.map((key) => `${key}=; Max-Age=0${after}`),
  ];
}

function split(value: string): string[] {
  const chunks = Array.from(
    { length: Math.ceil(value.length / maxValueLength) },
    (_, index) => value.slice(index * maxValueLength, (index + 1) * maxValueLength),
  );
  if (chunks.length > maxChunks) throw new Error(`A cookie of ${value.length} characters is too large`);
  return chunks;
}

/** Partitioned: browsers keep a third party's cookies per website, or drop those that are not marked so. */
function suffix({ isSecure, sameSite }: CookieAttributes): string {
  return `; Path=/; HttpOnly${isSecure ? "; Secure" : ""}` +
    (sameSite === "none" ? "; SameSite=None; Partitioned" : "; SameSite=Lax");
}

function isOf(name: string, key: string): boolean {
  return key === name || key.startsWith(`${name}.`) && /^\d+$/.test(key.slice(name.length + 1));
}

function parse(header = ""): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0) cookies.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return cookies;
}
