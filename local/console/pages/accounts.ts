import { type Html, markup } from "../html.ts";
import { type Account, seedPassword } from "../status.ts";
import { copyButton } from "./layout.ts";

/** The people of the development seed. */
export function accountsSection(accounts: Account[]): Html {
  const none = markup`<p class="note">This database has no sample people.</p>`;
  return markup`<section aria-labelledby="accounts">
<h2 id="accounts">Sample accounts</h2>
${accounts.length > 0 ? list(accounts) : none}
</section>
`;
}

function list(accounts: Account[]): Html {
  const copyPassword = copyButton(seedPassword, "the password");
  return markup`<p class="copyable"><span>Password of everybody: <code>${seedPassword}</code></span>${copyPassword}</p>
<ul class="accounts">
${accounts.map(item)}</ul>`;
}

function item({ email, name, role }: Account): Html {
  return markup`<li>
<span><bdi>${name}</bdi> <span class="badge">${role}</span></span>
<span class="copyable"><code>${email}</code>${copyButton(email, email)}</span>
</li>
`;
}
