/** A file that came with an e-mail. */
export interface InboxAttachment {
  filename: string;
  contentType: string;
  /** Base64. */
  content: string;
}

/** A message that a vendor would have delivered. */
export interface InboxMessage {
  id: string;
  kind: "sms" | "email";
  to: string;
  subject: string | null;
  text: string;
  attachments?: InboxAttachment[];
  /** When it was sent, ISO 8601 in UTC. */
  at: string;
}

const kept = 500;
/** Keys outlive their messages: a delivery that is tried again must not be told twice. */
const keptKeys = 10_000;

/** Every SMS and e-mail of the embedded stack, newest first; the oldest make room. */
export class Inbox {
  #messages: InboxMessage[] = [];
  #waiting = new Set<() => void>();
  #idsByKey = new Map<string, string>();

  /** Answers the message's id. */
  add(message: Omit<InboxMessage, "id" | "at">): string {
    const id = crypto.randomUUID();
    this.#messages.unshift({ id, at: new Date().toISOString(), ...message });
    this.#messages.length = Math.min(this.#messages.length, kept);
    for (const wake of this.#waiting) wake();
    return id;
  }

  /** Adds a message unless one came with the same key already; answers the id of the first. */
  addOnce(key: string | null, message: Omit<InboxMessage, "id" | "at">): string {
    const known = key ? this.#idsByKey.get(key) : undefined;
    if (known) return known;
    const id = this.add(message);
    if (key) this.#idsByKey.set(key, id);
    const [oldest = ""] = this.#idsByKey.keys();
    if (this.#idsByKey.size > keptKeys) this.#idsByKey.delete(oldest);
    return id;
  }

  /** The messages to one address, or all of them. */
  list(to?: string | null): InboxMessage[] {
    return to ? this.#messages.filter((message) => message.to === to) : [...this.#messages];
  }

  /** Resolves with the first message that matches, now or within `timeoutMs`. */
  async wait(matches: (message: InboxMessage) => unknown, timeoutMs = 10_000): Promise<InboxMessage> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.#messages.find(matches);
      if (found) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error("No such message arrived in the inbox");
      await this.#changed(left);
    }
  }

  #changed(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.add(done);
    });
  }
}
