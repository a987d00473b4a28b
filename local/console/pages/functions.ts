import { type Html, markup } from "../html.ts";
import type { Service } from "../services.ts";
import { copyButton } from "./layout.ts";

/** Every function with its documents. */
export function functionsSection(services: Service[]): Html {
  return markup`<section aria-labelledby="functions">
<h2 id="functions">Functions</h2>
<ul class="functions">
${services.map(item)}</ul>
</section>
`;
}

function item({ name, url, reference, openapi, health, document }: Service): Html {
  return markup`<li>
<h3>${name}</h3>
<p class="${document ? "note" : "warning"}">${document?.description ?? "It does not answer."}</p>
<div class="copyable"><code>${url}</code>${copyButton(url, `the base URL of ${name}`)}</div>
<p class="links">
<a href="${reference}" aria-label="Reference of ${name}">Reference</a>
<a href="${openapi}" aria-label="openapi.json of ${name}">openapi.json</a>
${health !== null && markup`<a href="${health}" aria-label="Health of ${name}">Health</a>`}
</p>
</li>
`;
}
