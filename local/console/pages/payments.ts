import type { Stripe } from "stripe";
import { formatMinor } from "../../stripe/currencies.ts";
import type { StripeSimulator } from "../../stripe/simulator.ts";
import { type Html, markup } from "../html.ts";
import { formatInstant } from "../time.ts";
import { layout } from "./layout.ts";

/** How many finished payments and webhooks are shown. */
const shown = 10;

/** What can be done to a PaymentIntent, by its status: the action and its words. */
const buttons: Record<string, [action: string, words: string][]> = {
  requires_payment_method: [["pay", "Pay"], ["decline", "Decline"], ["challenge", "Require authentication"]],
  requires_confirmation: [["pay", "Pay"], ["decline", "Decline"], ["challenge", "Require authentication"]],
  requires_action: [["authenticate", "Authenticate"], ["refuse", "Fail authentication"]],
  processing: [["arrive", "Let the money arrive"], ["fail", "Let it fail"]],
};

/** The part of the home page that leads to the payments. */
export function paymentsSection(waiting: number): Html {
  const count = waiting === 1 ? "One payment waits" : `${waiting || "No"} payments wait`;
  return markup`<section aria-labelledby="payments">
<h2 id="payments">Payments</h2>
<p>${count}. <a href="/console/stripe">Pay or decline</a></p>
<p class="note">A simulated Stripe; no money moves.
<a href="/simulators/stripe">What it does and does not do</a></p>
</section>`;
}

/** Where developers are the payers. */
export function paymentsPage(nonce: string, stripe: StripeSimulator): Html {
  const open = stripe.openIntents();
  const closed = stripe.closedIntents().slice(0, shown);
  const attempts = stripe.webhooks.attempts.slice(-shown).reverse();
  const body = markup`<header class="top">
<h1>Payments</h1>
<p>You are the payer and the bank. No money moves: Stripe is simulated on this machine.</p>
<p class="links"><a href="/">Console</a> <a href="/console/stripe">Refresh</a>
<a href="/simulators/stripe">What the simulator does and does not do</a></p>
</header>
<main>
<section aria-labelledby="open">
<h2 id="open">Waiting</h2>
${
    open.length === 0
      ? markup`<p>No payment waits. Book something that is paid in advance: it shows here.</p>`
      : markup`<ol class="payments">${open.map(openItem)}</ol>`
  }
</section>
<section aria-labelledby="closed">
<h2 id="closed">Finished</h2>
${
    closed.length === 0
      ? markup`<p>None yet.</p>`
      : markup`<ol class="payments">${closed.map(closedItem)}</ol>`
  }
</section>
<section aria-labelledby="webhooks">
<h2 id="webhooks">Webhooks</h2>
<p class="note">The latest attempts; ${stripe.webhooks.queue.length} wait.</p>
<ul class="payments">${
    attempts.map(({ type, status }) =>
      markup`<li><code>${type}</code> <span class="badge${status !== 200 && " danger"}">${
        status ?? "no answer"
      }</span></li>\n`
    )
  }</ul>
</section>
</main>`;
  return layout({ nonce, title: "Payments", styles: ["home.css", "payments.css"], body });
}

function openItem(intent: Stripe.PaymentIntent): Html {
  const error = intent.last_payment_error?.message ?? null;
  return markup`<li id="${intent.id}">
${summary(intent)}
${error && markup`<p class="warning">${error}</p>`}
<form method="post" class="buttons">${
    buttons[intent.status]?.map(([action, words]) =>
      markup`<button type="submit" formaction="/console/stripe/${intent.id}/${action}">${words}</button>\n`
    ) ?? null
  }</form>
</li>
`;
}

function closedItem(intent: Stripe.PaymentIntent): Html {
  return markup`<li id="${intent.id}">${summary(intent)}</li>\n`;
}

function summary({ id, amount, currency, description, status, created }: Stripe.PaymentIntent): Html {
  const at = new Date(created * 1000).toISOString();
  return markup`<p class="payment">
<strong>${formatMinor(amount, currency)}</strong>
<span class="badge">${status.replaceAll("_", " ")}</span>
<time datetime="${at}">${formatInstant(at)}</time>
<bdi>${description ?? "No description"}</bdi>
<code>${id}</code>
</p>`;
}
