import type { Inbox, InboxAttachment, InboxMessage } from "../../inbox.ts";
import { type Html, markup } from "../html.ts";
import { authLinkIn, codeIn, recipients } from "../inbox.ts";
import { formatInstant } from "../time.ts";
import { copyButton } from "./layout.ts";

const words = { sms: "SMS", email: "E-mail" };

/** What the inbox shows: all messages, or those to one recipient. */
export interface InboxView {
  inbox: Inbox;
  to: string | null;
  projectUrl: string;
}

/** Every SMS and e-mail, newest first. */
export function inboxSection(view: InboxView): Html {
  const { to } = view;
  return markup`<section aria-labelledby="inbox">
<h2 id="inbox">Inbox</h2>
<p class="note">Every SMS and e-mail that would have been sent.</p>
<form action="/#inbox" method="get" role="search" class="filter">
<label for="to">Recipient</label>
<input id="to" name="to" list="recipients" value="${to ?? ""}" autocomplete="off" autocapitalize="none"
  spellcheck="false" placeholder="e-mail or +phone">
<button type="submit">Filter</button>
${to !== null && markup`<a href="/#inbox">Show all</a>`}
</form>
${inboxParts(view)}
</section>
`;
}

/** What changes with each message; the live script puts it in. */
export function inboxParts({ inbox, to, projectUrl }: InboxView): Html {
  const messages = inbox.list(to);
  return markup`<datalist id="recipients" data-live="replace">
${recipients(inbox).map((recipient) => markup`<option value="${recipient}"></option>\n`)}</datalist>
<p id="inbox-count" data-live="replace">${summary(messages.length, to)}</p>
<ol id="messages" data-live="list" class="messages">
${messages.map((message) => item(message, projectUrl))}</ol>`;
}

function summary(count: number, to: string | null): Html {
  const whose = to !== null && markup` to <bdi>${to}</bdi>`;
  if (count > 0) return markup`${count === 1 ? "One message" : `${count} messages`}${whose}`;
  if (to !== null) return markup`No message${whose} yet.`;
  return markup`No message yet. Ask for a sign-in code or book a session: it shows here at once.`;
}

function item(message: InboxMessage, projectUrl: string): Html {
  const { id, kind, to, subject, text, attachments = [], at } = message;
  const link = authLinkIn(message, projectUrl);
  return markup`<li id="message-${id}">
<details>
<summary>
<span class="badge ${kind}">${words[kind]}</span>
<bdi class="to">${to}</bdi>
<time datetime="${at}">${formatInstant(at)}</time>
<span class="subject"><bdi>${subject ?? text}</bdi></span>
</summary>
<pre tabindex="0" role="group" aria-label="Text of the message">${text}</pre>
${link !== null && markup`<p class="links"><a href="${link}">Follow the link</a></p>`}
${attachments.map(attachmentLine)}</details>
${codeLine(codeIn(message))}
</li>
`;
}

function codeLine(code: string | null): Html | null {
  if (code === null) return null;
  return markup`<p class="copyable code"><span>Code</span> <code>${code}</code>${
    copyButton(code, `code ${code}`)
  }</p>`;
}

function attachmentLine({ filename, contentType, content }: InboxAttachment): Html {
  return markup`<p class="links"><a href="data:${
    contentType.replaceAll(" ", "")
  };base64,${content}" download="${filename}">${filename}</a>
<span class="note">${contentType}</span></p>
`;
}
