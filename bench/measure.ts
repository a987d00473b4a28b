/** One line of the benchmarks: a ratio, measured within one run, and the bound that it should keep. */
export interface Benchmark {
  name: string;
  /** What is divided by what. */
  says: string;
  target: { atLeast: number } | { atMost: number } | { between: [number, number] };
  /** Prepares, then hands over the two measurements; larger is faster only where the target is `atLeast`. */
  run(compare: Compare): Promise<void>;
}

/** Alternates the two measurements five times and reports the median of their ratios. */
export type Compare = (
  measured: () => Promise<number>,
  baseline: () => Promise<number>,
  label?: string,
) => Promise<void>;

const rounds = 5;

// deno-lint-ignore no-console -- this is a command; it talks to whoever runs it
const say = console.log;

/** Runs benchmarks and prints a line for each ratio; answers whether all kept their targets. */
export async function report(benchmarks: Benchmark[]): Promise<boolean> {
  let isGood = true;
  for (const { name, says, target, run } of benchmarks) {
    await run(async (measured, baseline, label) => {
      const pairs: [number, number][] = [];
      // The first round warms up both sides.
      for (let round = 0; round <= rounds; round++) {
        const pair: [number, number] = [await measured(), await baseline()];
        if (round > 0) pairs.push(pair);
      }
      const ratios = pairs.map(([one, other]) => one / other).sort((a, b) => a - b);
      const ratio = median(ratios);
      const [keeps, bound] = judge(ratio, target);
      isGood &&= keeps;
      const spread = `${ratios[0]?.toFixed(2)}-${ratios.at(-1)?.toFixed(2)}`;
      const [one, other] = [median(pairs.map(([each]) => each)), median(pairs.map(([, each]) => each))];
      say(
        `${(label ? `${name} ${label}` : name).padEnd(26)} ${ratio.toFixed(2)} (${bound}, ${spread}) ${
          keeps ? "ok" : "MISSED"
        }` +
          `   ${figure(one)} against ${figure(other)}: ${says}`,
      );
    });
  }
  return isGood;
}

/** Whether a ratio keeps its target, and the target in words. */
function judge(ratio: number, target: Benchmark["target"]): [boolean, string] {
  if ("atLeast" in target) return [ratio >= target.atLeast, `>= ${target.atLeast}`];
  if ("atMost" in target) return [ratio <= target.atMost, `<= ${target.atMost}`];
  const [low, high] = target.between;
  return [ratio >= low && ratio <= high, `${low} to ${high}`];
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
