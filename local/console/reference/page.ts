import { type Html, markup } from "../html.ts";
import { layout } from "../pages/layout.ts";
import { functionsPath, type Service } from "../services.ts";
import { plainReference } from "./plain.ts";
import { scalarIntegrity, scalarPath } from "./scalar.ts";

/**
 * The reference of one function. It starts as plain HTML; the script replaces that by Scalar once Scalar is there.
 * Addresses are relative, so that it also works at http://localhost.
 */
export function referencePage(nonce: string, { name, document }: Service): Html {
  const title = document?.title || name;
  const openapi = `${functionsPath}/${name}/openapi.json`;
  const body = markup`<header class="bar"><a href="/">Convene</a> <span>${title}</span></header>
<div id="scalar" data-openapi="${openapi}" data-server="${functionsPath}" data-script="${scalarPath}"
  data-integrity="${scalarIntegrity}"></div>
<main id="plain" class="reference">
<div>
<h1>${title}</h1>
<p id="notice" class="note" role="status"></p>
</div>
<p>Paths are below <code>${functionsPath}</code>. <a href="${openapi}">openapi.json</a></p>
${
    document
      ? plainReference(document)
      : markup`<p class="warning">The function’s openapi.json cannot be read.</p>`
  }
</main>`;
  const assets = { styles: ["reference.css", "bar.css"], scripts: ["reference.js"] };
  return layout({ nonce, title: `${title} · Convene`, ...assets, body });
}
