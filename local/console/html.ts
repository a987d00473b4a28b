/** Markup that is safe to show: made by {@link markup} only. */
export class Html {
  constructor(readonly text: string) {}
}

/** What a template may hold. Text is escaped, nothing shows for null and false, lists show one by one. */
export type Part = Html | string | number | null | false | Part[];

/**
 * A template that escapes all that is put into it, in text as well as in quoted attributes. (`deno fmt` would lay out
 * templates called `html` anew, and white space counts here.)
 */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(render)));
}

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(render).join("");
  if (part === null || part === false) return "";
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
