import { Directory } from "../../../model/directory";
import type { Context } from "../../command";
import { metricsText, seconds } from "../../terminal/metrics";
import { readPins } from "../../tree/pins";
import { lastChanges } from "../../tree/since";

/** Prints since when each ring has a pin of its own; at rest there is none. */
export async function ringMetrics(wanted: readonly string[], context: Context): Promise<number> {
  const chosen = readPins(new Directory(context.root())).components.filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name),
  );
  const found = chosen.flatMap(({ name: component, rings }) =>
    [...rings].flatMap(([stage, of]) =>
      [...of].flatMap(([ring, { pin }]) =>
        pin === undefined ? [] : [{ path: pin.path, labels: { component, stage, ring } }],
      ),
    ),
  );
  const since = await lastChanges(
    context.root(),
    found.map(({ path }) => path),
  );
  const samples = found.flatMap(({ path, labels }) => {
    const when = since.get(path);
    return when === undefined ? [] : [{ labels, value: seconds(when) }];
  });
  const help = "Since when a ring has a pin of its own.";
  context.io.out(metricsText([{ name: "onebranch_ring_since_timestamp_seconds", help, samples }]));
  return 0;
}
