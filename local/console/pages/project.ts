import { type Html, markup } from "../html.ts";
import type { Status } from "../status.ts";
import { copyButton } from "./layout.ts";

const databases: Record<Status["database"], string> = {
  pglite: "PGlite: PostgreSQL inside this process",
  postgres: "PostgreSQL server",
};

/** Where the project is, its keys, and how a client starts. */
export function projectSection(status: Status): Html {
  const browsers = markup`<span class="badge">browsers and apps</span>`;
  const servers = markup`<span class="badge danger">servers only</span>`;
  const example = clientExample(status);
  return markup`<section aria-labelledby="project">
<h2 id="project">Project</h2>
<dl class="values">
${value("Project URL", status.url, null)}
${value("Publishable key", status.publishable_key, browsers)}
${value("Secret key", status.secret_key, servers)}
<div><dt>Database</dt><dd>${databases[status.database]}</dd></div>
</dl>
<p class="note">The secret key passes by Row Level Security. Never put it into a browser or an app.</p>
<details class="example">
<summary>Start with supabase-js</summary>
<div class="copyable"><pre><code>${example}</code></pre>${copyButton(example, "the example")}</div>
</details>
</section>
`;
}

function value(label: string, text: string, badge: Html | null): Html {
  return markup`<div>
<dt>${label} ${badge}</dt>
<dd class="copyable"><code>${text}</code>${copyButton(text, label.toLowerCase())}</dd>
</div>`;
}

function clientExample({ url, publishable_key }: Status): string {
  return `import { createClient } from "@supabase/supabase-js";

const supabase = createClient(
  "${url}",
  "${publishable_key}",
);`;
}
