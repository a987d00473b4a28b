import type { ConsoleParts } from "./console.ts";
import { markup } from "./html.ts";
import { recipientOf } from "./inbox.ts";
import { homePage } from "./pages/home.ts";
import { inboxParts, type InboxView } from "./pages/inbox.ts";
import { workerSection, workerWarning } from "./pages/worker.ts";
import { referencePage } from "./reference/page.ts";
import { scalarLoader, scalarPath } from "./reference/scalar.ts";
import { assetResponse, fragmentResponse, immutableScript, jsonResponse, pageResponse } from "./respond.ts";
import { Services } from "./services.ts";
import { readStatus, readWorker } from "./status.ts";

/** What answers one path. */
export interface Route {
  path: RegExp;
  /** People follow links to pages; data is for programs of this machine and for the pages' own scripts. */
  kind: "page" | "data";
  /** `name` is the path's first group; null means that there is no such thing. */
  answer(url: URL, name: string): Promise<Response | null>;
}

/** Everything that the console serves. */
export function consoleRoutes(parts: ConsoleParts): Route[] {
  const services = new Services(parts);
  return [...pages(parts, services), ...data(parts, services), ...assets(parts)];
}

function pages(parts: ConsoleParts, services: Services): Route[] {
  return [
    {
      path: /^\/$/,
      kind: "page",
      async answer(url) {
        const [status, list] = await Promise.all([readStatus(parts, services), services.list()]);
        const inbox = inboxView(parts, url);
        return pageResponse((nonce) => homePage(nonce, { status, services: list, inbox }));
      },
    },
    {
      path: /^\/console\/reference\/([\w-]+)$/,
      kind: "page",
      async answer(_url, name) {
        const service = await services.find(name);
        return service && pageResponse((nonce) => referencePage(nonce, service), { inlineStyles: true });
      },
    },
  ];
}

function data(parts: ConsoleParts, services: Services): Route[] {
  return [
    {
      path: /^\/console\/status\.json$/,
      kind: "data",
      answer: async () => jsonResponse(await readStatus(parts, services)),
    },
    {
      path: /^\/console\/inbox\.json$/,
      kind: "data",
      answer: (url) => Promise.resolve(jsonResponse(parts.inbox.list(recipientOf(url)))),
    },
    {
      path: /^\/console\/live$/,
      kind: "data",
      async answer(url) {
        const worker = await readWorker(parts.database);
        return fragmentResponse(
          markup`${workerWarning(worker)}${workerSection(worker)}${inboxParts(inboxView(parts, url))}`,
        );
      },
    },
  ];
}

function assets({ folder, loadScalar = scalarLoader(folder) }: ConsoleParts): Route[] {
  return [
    {
      path: new RegExp(`^${RegExp.escape(scalarPath)}$`),
      kind: "data",
      answer: () =>
        loadScalar().then(immutableScript, () => jsonResponse({ error: "Scalar cannot be loaded now" }, 503)),
    },
    {
      path: /^\/console\/((?:base|home|inbox|reference|bar)\.css|(?:live|reference)\.js)$/,
      kind: "data",
      answer: (_url, name) => assetResponse(new URL(`assets/${name}`, import.meta.url)),
    },
  ];
}

function inboxView({ inbox, url: projectUrl }: ConsoleParts, url: URL): InboxView {
  return { inbox, to: recipientOf(url), projectUrl };
}
