import { type Html, markup } from "../html.ts";
import type { Service } from "../services.ts";
import type { Status } from "../status.ts";
import { accountsSection } from "./accounts.ts";
import { functionsSection } from "./functions.ts";
import { inboxSection, type InboxView } from "./inbox.ts";
import { layout } from "./layout.ts";
import { paymentsSection } from "./payments.ts";
import { projectSection } from "./project.ts";
import { workerSection, workerWarning } from "./worker.ts";

/** The page that a newcomer sees. */
export function homePage(nonce: string, { status, services, inbox, waiting }: {
  status: Status;
  services: Service[];
  inbox: InboxView;
  /** Payments that wait for somebody to pay. */
  waiting: number;
}): Html {
  const body = markup`<header class="top">
<h1>Convene</h1>
<p>The backend of a marketplace where facilitators publish sessions and people book them, all of it running on this
machine with an embedded Supabase.</p>
<nav aria-label="On this page">
<a href="#project">Project</a>
<a href="#accounts">Accounts</a>
<a href="#functions">Functions</a>
<a href="#worker">Worker</a>
<a href="#payments">Payments</a>
<a href="#inbox">Inbox</a>
</nav>
</header>
<div role="status"><p id="connection" class="warning" hidden></p></div>
${workerWarning(status.worker)}
<main>
<div class="column">
${projectSection(status)}
${accountsSection(status.accounts)}
${functionsSection(services)}
</div>
<div class="column">
${workerSection(status.worker)}
${paymentsSection(waiting)}
${inboxSection(inbox)}
</div>
</main>
<footer>The same as JSON: <a href="/console/status.json">status.json</a>,
<a href="/console/inbox.json">inbox.json</a></footer>
<p id="announcement" class="hidden-text" role="status"></p>`;
  return layout({ nonce, title: "Convene", styles: ["home.css", "inbox.css"], scripts: ["live.js"], body });
}
