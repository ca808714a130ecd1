import type { HostileCase } from "./hostile-case";

/** One file of each kind that people write. */
const kinds = {
  values: "gitops/apps/orders/values.yaml",
  pin: "gitops/apps/orders/stages/dev/pin.yaml",
  cluster: "gitops/clusters/dev/cluster.yaml",
  stage: "gitops/stages/dev.yaml",
  region: "gitops/regions/us-east-1.yaml",
  exceptions: "gitops/clusters/prod/exceptions.yaml",
  "Chart.yaml": "gitops/charts/web-service/1.1.0/Chart.yaml",
  template: "gitops/charts/web-service/1.1.0/templates/service.yaml",
  "bootstrap template": "gitops/bootstrap/templates/components.yaml",
};

/** Templates are no YAML before they are rendered; Helm's metadata has a rule of its own. */
function unreadable(kind: string, path: string): RegExp {
  if (path.includes("templates")) return new RegExp(path.replace(/^.*(templates)/, "$1"));
  return new RegExp(`${path}:2: ${kind === "Chart.yaml" ? "this is not the metadata of a chart" : "not valid YAML"}`);
}

const anyBytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256));

/** Text that is not YAML in each kind of file, and bytes that are not text in all of them. */
export const contentCases: HostileCase[] = [
  ...Object.entries(kinds).map(([kind, path]): HostileCase => ({
    name: `${kind} with what is no YAML`,
    make: (tree) => void tree.write(path, "a: [1, 2\nb: {\n"),
    finds: [unreadable(kind, path)],
  })),
  {
    name: "every kind of file with any bytes",
    make(tree) {
      for (const path of Object.values(kinds)) tree.write(path, anyBytes);
    },
    finds: Object.values(kinds).map((path) => new RegExp(`${path}:1: this file is not UTF-8 text`)),
  },
];

const letters = [..."abcdefghijkl"];
const aliases = letters
  .slice(1)
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${letters[index]}`).join(", ")}]`);

/** Contents that would take a naive reader's time, memory or stack. */
const bombs: Record<string, [content: string, finds: string]> = {
  "aliases that unfold without measure": [
    `a: &a [x, x, x, x, x, x, x, x, x]\n${aliases.join("\n")}\n`,
    "the file is nested too deeply, or its aliases repeat too much",
  ],
  "10,000 brackets": [`a: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`, "the file nests too deeply"],
  "10,000 dashes on a line": [`${"- ".repeat(10_000)}1\n`, "the file nests too deeply"],
  "1,000 levels": [
    `${Array.from({ length: 1000 }, (_, n) => `${" ".repeat(n)}a:`).join("\n")} 1\n`,
    "the file nests too deeply",
  ],
  "a value of 10 MB": [`a: "${"v".repeat(10 << 20)}"\n`, "this file is larger than 1 MiB"],
};

export const sizeCases: HostileCase[] = [
  ...Object.entries(bombs).map(([what, [content, finds]]): HostileCase => ({
    name: `values of ${what}`,
    everyVerb: what.includes("10 MB"),
    make: (tree) => void tree.write(kinds.values, content),
    finds: new RegExp(`${kinds.values}:1: ${finds}`),
  })),
  // Every letter of a long word could begin an address: an expression that tries them all does not end.
  {
    name: "values with a key of a megabyte",
    make: (tree) => void tree.write(kinds.values, `${"k".repeat(900_000)}: 1\n`),
    finds: /does not render/,
  },
  {
    name: "a cluster with a key of a megabyte",
    make: (tree) => void tree.write(kinds.cluster, `${"k".repeat(900_000)}: 1\n`),
    finds: /cluster\.yaml:1: /,
  },
];
