import type { Stripe } from "stripe";
import { type Html, markup } from "../html.ts";
import { layout } from "./layout.ts";

/** The page that Stripe would show to a provider; `url` carries the address to go back to. */
export function onboardingPage(nonce: string, account: Stripe.Account, url: URL): Html {
  const back = returnAddress(url);
  const body = markup`<header class="top">
<h1>Onboarding</h1>
<p>Stripe would ask this provider for their identity and bank account. Here, one click does it.</p>
</header>
<main>
<section aria-labelledby="account">
<h2 id="account">Account</h2>
<p><code>${account.id}</code> <bdi>${account.email ?? ""}</bdi></p>
${
    account.details_submitted
      ? markup`<p>Onboarding is finished.</p>`
      : markup`<form method="post" action="/console/stripe/${account.id}/onboard${url.search}">
<button type="submit">Finish onboarding</button>
</form>`
  }
${back && markup`<p><a href="${back}" rel="noreferrer">Back to ${new URL(back).host}</a></p>`}
<p><a href="/">Console</a></p>
</section>
</main>`;
  return layout({ nonce, title: "Onboarding", styles: ["home.css", "payments.css"], body });
}

/** Where the provider came from; nothing but a web address. */
function returnAddress(url: URL): string | null {
  const address = url.searchParams.get("return_url") ?? "";
  return /^https?:\/\//.test(address) && URL.canParse(address) ? address : null;
}
