/**
 * The first language of an Accept-Language header (RFC 9110, 12.5.4) as a BCP 47 tag; `en` when there is none.
 * Weights are ignored: browsers write the preferred one first.
 */
export function preferredLanguage(header: string | undefined): string {
  const tag = /^\s*([a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*)/.exec(header ?? "")?.[1];
  if (!tag) return "en";
  const [language = "en", ...rest] = tag.split("-");
  return [language.toLowerCase(), ...rest].join("-");
}
