import { type Html, markup } from "../html.ts";

const icon = "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f766e"/>' +
    '<path d="M22 11a8 8 0 1 0 0 10" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round"/>' +
    '<circle cx="22" cy="16" r="2.5" fill="#fff"/></svg>',
);

/** A whole document; `styles` and `scripts` are the names of ours that it needs. */
export function layout({ nonce, title, styles = [], scripts = [], body }: {
  nonce: string;
  title: string;
  styles?: string[];
  scripts?: string[];
  body: Html;
}): Html {
  const links = ["base.css", ...styles].map((name) =>
    markup`<link rel="stylesheet" href="/console/${name}" nonce="${nonce}">\n`
  );
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${icon}">
${links}${
    scripts.map((name) => markup`<script src="/console/${name}" nonce="${nonce}" defer></script>\n`)
  }</head>
<body>
${body}
</body>
</html>
`;
}

/** A button that copies `value`; it shows only where scripts run. */
export function copyButton(value: string, what: string): Html {
  return markup`<button type="button" class="copy" data-copy="${value}" aria-label="Copy ${what}">Copy</button>`;
}
