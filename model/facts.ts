import { entries, oneOf, text, type Shape } from "./fields";
import type { Identity } from "./identity";

/** The facts of a cluster that a pin may hand to its chart. */
export const factNames = ["name", "stage", "ring", "region", "domain", "account"] as const;

export type FactName = (typeof factNames)[number];

/** The fact behind each value of a chart. */
export type Facts = Record<string, FactName>;

/**
 * A value of a chart that can be a Helm parameter: keys with dots between them. In the name of a parameter Helm reads `=`, `,`,
 * `{`, `[` and a backslash as more values, lists and escapes, so none of them is allowed. The template of bootstrap has the same
 * expression.
 */
export const factKey = "^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$";

/**
 * The facts that a cluster has: one whose stage has no rings has no `ring`, one whose cluster.yaml names no account no `account`.
 */
export function factsOf(identity: Partial<Pick<Identity, FactName>>): Partial<Record<FactName, string>> {
  const found = factNames.map((name) => [name, identity[name]] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/** Why a cluster may lack a fact. */
export const lackedBecause: Partial<Record<FactName, string>> = {
  ring: "its stage has no rings",
  account: "its cluster.yaml names none",
};

const chartValue = text("a value of the chart", (key) =>
  new RegExp(factKey).test(key)
    ? undefined
    : "use letters, digits, - and _, with dots between them, such as global.clusterName; anything else could set other values",
);

const plainFacts = entries(chartValue, oneOf(factNames, "unknown-fact"));

/** Which fact of the cluster the chart gets under which of its values. */
export const facts: Shape<Facts> = {
  expected: plainFacts.expected,
  read(file, node, key) {
    const found = plainFacts.read(file, node, key);
    const names = Object.keys(found ?? {});
    const nested = names.flatMap((inner) => {
      const outer = names.find((other) => inner.startsWith(`${other}.`));
      return outer === undefined ? [] : [{ inner, outer }];
    });
    for (const { inner, outer } of nested) {
      file.report("wrong-value", node, `${key} sets ${outer} to a text, and ${inner} inside it`, "keep one of the two");
    }
    return nested.length === 0 ? found : undefined;
  },
};
