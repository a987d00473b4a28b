/**
 * Makes a value when it is first asked for, and answers the same one ever after. For schemas, each of which only some
 * requests need: a function starts sooner when it makes none of them.
 */
export function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
