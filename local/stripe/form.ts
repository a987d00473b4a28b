/** A decoded form: `a[b]=1` is `{a: {b: "1"}}`, `a[0]=x` and `a[]=x` are `{a: ["x"]}`. */
export interface Tree {
  [name: string]: Branch;
}

export type Branch = string | Tree | Branch[];

/** Stripe nests less; a longer name is somebody's mistake. */
const maxDepth = 8;

/**
 * Decodes a form as Stripe's SDKs write it, in a body or in a query.
 *
 * @throws {SyntaxError} when names contradict each other (`a=1&a[b]=2`) or are malformed
 */
export function decodeForm(text: string): Tree {
  const root: Tree = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) put(root, stepsOf(name), value);
  return closeLists(root) as Tree;
}

function stepsOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  const steps = match
    ? [match[1]!, ...[...match[2]!.matchAll(/\[([^[\]]*)\]/g)].map(([, step]) => step!)]
    : [];
  if (steps.length === 0 || steps.length > maxDepth) {
    throw new SyntaxError(`Malformed parameter name: ${name}`);
  }
  return steps;
}

function put(root: Tree, steps: string[], value: string): void {
  let at = root;
  for (const [index, step] of steps.entries()) {
    // `a[]` appends: its items get the numbers that the SDKs write themselves.
    const name = step === "" ? String(Object.keys(at).length) : step;
    if (index === steps.length - 1) {
      if (typeof at[name] === "object") throw new SyntaxError(`Contradicting parameter: ${steps.join(".")}`);
      at[name] = value;
      return;
    }
    const next = at[name] ??= Object.create(null) as Tree;
    if (typeof next === "string") throw new SyntaxError(`Contradicting parameter: ${steps.join(".")}`);
    at = next as Tree;
  }
}

/** Objects whose names are 0, 1, 2 ... are lists. */
function closeLists(branch: Branch): Branch {
  if (typeof branch === "string" || Array.isArray(branch)) return branch;
  const entries = Object.entries(branch).map(([name, value]) => [name, closeLists(value)] as const);
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isList
    ? entries.map(([, value]) => value)
    : Object.assign(Object.create(null), Object.fromEntries(entries));
}
