import { type Html, markup } from "../html.ts";
import type { WorkerState } from "../status.ts";
import { formatDuration } from "../time.ts";

/** How far deliveries are behind; the live script puts the figures in again and again. */
export function workerSection(worker: WorkerState): Html {
  const { status, oldest_due_seconds: age, pending, dead } = worker;
  const oldest = age === null ? "?" : age === 0 ? "none" : formatDuration(age);
  const note = markup`<p class="note">Dead deliveries were refused for good, or failed ten times.</p>`;
  return markup`<section aria-labelledby="worker">
<h2 id="worker">Worker</h2>
<div id="worker-state" data-live="replace">
<dl class="figures ${status}">
<div><dt>Oldest due</dt><dd>${oldest}</dd></div>
<div><dt>Pending</dt><dd>${count(pending)}</dd></div>
<div><dt>Dead</dt><dd>${count(dead)}</dd></div>
</dl>
${dead ? note : null}
</div>
</section>
`;
}

/** Warns when deliveries are late, above everything else; empty otherwise. */
export function workerWarning({ status, oldest_due_seconds: age }: WorkerState): Html {
  const text = age === null
    ? markup`<strong>The database does not answer.</strong>`
    : markup`<strong>Deliveries are late.</strong> The oldest has been due for more than five minutes: the worker is
not called, or cannot keep up.`;
  return markup`<div id="worker-warning" data-live="replace" role="status">${
    status === "unhealthy" && markup`<p class="warning">${text}</p>`
  }</div>`;
}

function count(number: number | null): string {
  if (number === null) return "?";
  return number >= 10_000 ? "10,000 or more" : String(number);
}
