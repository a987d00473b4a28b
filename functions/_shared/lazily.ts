/**
 * Makes a value when it is first asked for, and answers the same one ever after. For schemas that only some requests
 * need: to make all of a large contract's is a third of the time in which its function starts.
 */
export function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
