import { type ApiDocument, readDocument } from "./reference/document.ts";
import type { ConsoleParts } from "./console.ts";

/** One function as the console shows it. */
export interface Service {
  name: string;
  /** Base of its paths. */
  url: string;
  /** Where its operations are explained. */
  reference: string;
  openapi: string;
  /** Where it tells how it is; null when it has no such path. */
  health: string | null;
  /** What it says of itself; null when it does not answer. */
  document: ApiDocument | null;
}

/** Path below the project's URL under which the functions are. */
export const functionsPath = "/functions/v1";

/** The functions of the stack; their documents are read once. */
export class Services {
  readonly #parts: Pick<ConsoleParts, "url" | "functions">;
  readonly #documents = new Map<string, ApiDocument>();

  constructor(parts: Pick<ConsoleParts, "url" | "functions">) {
    this.#parts = parts;
  }

  list(): Promise<Service[]> {
    return Promise.all(this.#parts.functions.names.map((name) => this.#describe(name)));
  }

  /** Null when there is no function of this name. */
  async find(name: string): Promise<Service | null> {
    return this.#parts.functions.names.includes(name) ? await this.#describe(name) : null;
  }

  async #describe(name: string): Promise<Service> {
    const document = await this.#document(name).catch(() => null);
    const base = this.#parts.url + functionsPath;
    const health = document?.operations.find(({ method, path }) =>
      method === "get" && path.startsWith(`/${name}/`) && path.endsWith("/health")
    );
    return {
      name,
      url: `${base}/${name}`,
      reference: `${this.#parts.url}/console/reference/${name}`,
      openapi: `${base}/${name}/openapi.json`,
      health: health ? base + health.path : null,
      document,
    };
  }

  async #document(name: string): Promise<ApiDocument> {
    const known = this.#documents.get(name);
    if (known) return known;
    const url = `${this.#parts.url}${functionsPath}/${name}/openapi.json`;
    const response = await this.#parts.functions.fetch(new Request(url), "127.0.0.1");
    const document = readDocument(await response.json());
    this.#documents.set(name, document);
    return document;
  }
}
