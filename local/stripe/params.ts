import { badParameter } from "./fault.ts";
import type { Branch, Tree } from "./form.ts";

/**
 * The parameters of one request. A handler reads all of them, says `done()`, and only then acts, so that a request
 * with a parameter that the simulator does not know changes nothing.
 */
export class Params {
  readonly #tree: Tree;
  readonly #prefix: string;
  readonly #read = new Set<string>();
  readonly #inner: Params[] = [];

  constructor(tree: Tree, prefix = "") {
    this.#tree = tree;
    this.#prefix = prefix;
  }

  /** Refuses what nobody read. */
  done(): void {
    for (const inner of this.#inner) inner.done();
    const unknown = Object.keys(this.#tree).find((name) => !this.#read.has(name));
    if (unknown === undefined) return;
    const param = this.#path(unknown);
    throw badParameter(
      param,
      `Unknown parameter: ${param}. This simulator takes those that Convene sends; GET /simulators/stripe lists what it does.`,
      "parameter_unknown",
    );
  }

  /** The empty text means that a value is taken away. */
  text(name: string, maxLength = 5000): string | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw badParameter(this.#path(name), `${this.#path(name)} must be a text`);
    if (value.length > maxLength) {
      throw badParameter(this.#path(name), `${this.#path(name)} is longer than ${maxLength} characters`);
    }
    return value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (!value) throw this.#absent(name);
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value)) {
      throw badParameter(this.#path(name), `Not an integer: ${value}`, "parameter_invalid_integer");
    }
    return Number(value);
  }

  requiredInteger(name: string): number {
    const value = this.integer(name);
    if (value === undefined) throw this.#absent(name);
    return value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== "true" && value !== "false") {
      throw badParameter(this.#path(name), `${this.#path(name)} must be true or false`);
    }
    return value === "true";
  }

  oneOf<const Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const word = words.find((known) => known === value);
    if (word === undefined) {
      throw badParameter(this.#path(name), `${this.#path(name)} must be one of ${words.join(", ")}`);
    }
    return word;
  }

  list(name: string): string[] | undefined {
    const value = this.#take(name);
    if (value === undefined || value === "") return undefined;
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
      throw badParameter(this.#path(name), `${this.#path(name)} must be a list of texts`);
    }
    return value;
  }

  group(name: string): Params | undefined {
    const value = this.#take(name);
    if (value === undefined || value === "") return undefined;
    if (typeof value === "string" || Array.isArray(value)) {
      throw badParameter(this.#path(name), `${this.#path(name)} must be a group of parameters`);
    }
    const inner = new Params(value, this.#path(name));
    this.#inner.push(inner);
    return inner;
  }

  names(): string[] {
    return Object.keys(this.#tree);
  }

  /** What becomes of `current` metadata: an empty value takes its key away, an empty group takes all away. */
  metadata(current: Record<string, string> = {}): Record<string, string> {
    if (this.#tree.metadata === "") {
      this.#read.add("metadata");
      return {};
    }
    const changes = this.group("metadata");
    const next = { ...current };
    for (const name of changes?.names() ?? []) {
      const value = changes!.text(name, 500)!;
      if (name.length > 40) {
        throw badParameter(`metadata[${name}]`, "A metadata key has at most 40 characters");
      }
      if (value === "") delete next[name];
      else next[name] = value;
    }
    if (Object.keys(next).length > 50) throw badParameter("metadata", "There are at most 50 metadata keys");
    return next;
  }

  #take(name: string): Branch | undefined {
    this.#read.add(name);
    return this.#tree[name];
  }

  #path(name: string): string {
    return this.#prefix === "" ? name : `${this.#prefix}[${name}]`;
  }

  #absent(name: string) {
    return badParameter(
      this.#path(name),
      `Missing required parameter: ${this.#path(name)}`,
      "parameter_missing",
    );
  }
}
