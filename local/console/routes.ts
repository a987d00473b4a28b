import type { ConsoleParts } from "./console.ts";
import type { RouteKind } from "./guard.ts";
import { markup } from "./html.ts";
import { recipientOf } from "./inbox.ts";
import { homePage } from "./pages/home.ts";
import { onboardingPage } from "./pages/onboarding.ts";
import { paymentsPage } from "./pages/payments.ts";
import { inboxParts, type InboxView } from "./pages/inbox.ts";
import { act } from "./payments.ts";
import { workerSection, workerWarning } from "./pages/worker.ts";
import { referencePage } from "./reference/page.ts";
import { scalarLoader, scalarPath } from "./reference/scalar.ts";
import { assetResponse, fragmentResponse, immutableScript, jsonResponse, pageResponse } from "./respond.ts";
import { Services } from "./services.ts";
import { readStatus, readWorker } from "./status.ts";

/** What answers one path. */
export interface Route {
  path: RegExp;
  kind: RouteKind;
  /** `name` is the path's first group; null means that there is no such thing. */
  answer(url: URL, name: string, request: Request): Promise<Response | null>;
}

/** Everything that the console serves. */
export function consoleRoutes(parts: ConsoleParts): Route[] {
  const services = new Services(parts);
  return [...pages(parts, services), ...payments(parts), ...data(parts, services), ...assets(parts)];
}

function pages(parts: ConsoleParts, services: Services): Route[] {
  return [
    {
      path: /^\/$/,
      kind: "page",
      async answer(url) {
        const [status, list] = await Promise.all([readStatus(parts, services), services.list()]);
        const inbox = inboxView(parts, url);
        const waiting = parts.stripe.openIntents().length;
        return pageResponse((nonce) => homePage(nonce, { status, services: list, inbox, waiting }));
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

function payments({ stripe }: ConsoleParts): Route[] {
  return [
    {
      path: /^\/console\/stripe$/,
      kind: "page",
      answer: () => Promise.resolve(pageResponse((nonce) => paymentsPage(nonce, stripe))),
    },
    {
      path: /^\/console\/stripe\/onboarding\/(\w+)$/,
      kind: "page",
      answer(url, id) {
        const account = stripe.findAccount(id);
        const page = account && pageResponse((nonce) => onboardingPage(nonce, account, url));
        return Promise.resolve(page ?? null);
      },
    },
    {
      path: /^\/console\/stripe\/(\w+\/\w+)$/,
      kind: "action",
      answer: (_url, name, request) => Promise.resolve(act(stripe, name, request)),
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
      path: /^\/console\/((?:base|home|inbox|payments|reference|bar)\.css|(?:live|reference)\.js)$/,
      kind: "data",
      answer: (_url, name) => assetResponse(new URL(`assets/${name}`, import.meta.url)),
    },
  ];
}

function inboxView({ inbox, url: projectUrl }: ConsoleParts, url: URL): InboxView {
  return { inbox, to: recipientOf(url), projectUrl };
}
