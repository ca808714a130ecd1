/**
 * Who may import whom. `import type`, `typeof import(...)` and a late `require(...)` are imports too. An exception is one
 * module, named here.
 */
const ours = "^(bin|cli|infra|machine|model|test)/";

/** What each folder may import of ours, besides itself. */
const folders = {
  model: [],
  machine: ["model/"],
  // Pulumi's plugin process loads the sources as the tool does.
  infra: ["bin/bundle.js", "machine/", "model/"],
  bin: ["cli/", "machine/"],
  "cli/terminal": ["model/"],
  "cli/page": [],
  "cli/tree": ["cli/terminal/", "cli/command.ts", "machine/", "model/"],
  "cli/stack": ["cli/terminal/", "cli/command.ts", "cli/services.ts", "machine/", "model/"],
  // What a step changes is a plan.
  "cli/promotion": [
    ...["cli/tree/", "cli/stack/", "cli/terminal/", "cli/command.ts", "cli/verbs/plan/between.ts"],
    ...["machine/", "model/"],
  ],
};

/** Modules of one verb that others may import. */
const betweenVerbs = [
  { from: ["rollback"], to: "cli/verbs/plan/between.ts" },
  // The page shows a plan as the verb's own page does.
  { from: ["ui"], to: "cli/verbs/plan/report/view/index.ts" },
  { from: ["ui"], to: "cli/verbs/plan/types.ts" },
];

/** @param {readonly string[]} paths */
const startOf = (paths) => `^(${paths.map((path) => path.replaceAll(".", "\\.")).join("|")})`;

const severity = /** @type {const} */ ("error");

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(folders).map(([folder, allowed]) => ({
      name: `${folder.replace("/", "-")}-imports`,
      severity,
      from: { path: `^${folder}/` },
      to: { path: ours, pathNot: startOf([`${folder}/`, ...allowed]) },
    })),
    {
      name: "cli-imports",
      comment:
        "The tool runs the Pulumi program through cli/pulumi.ts only, and shows the page that bin/bundle.js keeps.",
      severity,
      from: { path: "^cli/", pathNot: "^cli/pulumi\\.ts$" },
      to: { path: ours, pathNot: "^((cli|machine|model)/|bin/bundle\\.js$)" },
    },
    {
      name: "verb-imports",
      comment:
        "Verbs stand side by side: what two of them need is in cli/tree, cli/stack, cli/promotion or cli/terminal.",
      severity,
      from: { path: "^cli/verbs/([^/]+)/" },
      to: {
        path: "^cli/",
        pathNot: [
          "^cli/(verbs/$1|tree|terminal|stack|promotion|page)/",
          "^cli/(args|command|commands|help|services)\\.ts$",
          startOf(betweenVerbs.map(({ to }) => to)),
        ],
      },
    },
    ...betweenVerbs.map(({ from, to }) => ({
      name: `only-${from.join("-and-")}-imports-${to.split("/").slice(2).join("-")}`,
      severity,
      from: { path: "^cli/verbs/", pathNot: `^cli/verbs/(${from.join("|")}|${to.split("/")[2]})/` },
      to: { path: startOf([to]) },
    })),
    {
      name: "provider-imports",
      comment: "A provider is known by its index only. The toolchain builds programs for all of them.",
      severity,
      from: { path: "^(bin|cli|infra|machine|model)/", pathNot: "^infra/providers/[^/]+/" },
      to: {
        path: "^infra/providers/[^/]+/",
        pathNot: "^infra/providers/([^/]+|embedded/toolchain)/index\\.ts$",
      },
    },
    {
      name: "between-providers",
      severity,
      from: { path: "^infra/providers/([^/]+)/" },
      to: { path: "^infra/providers/[^/]+/", pathNot: "^infra/providers/$1/" },
    },
    {
      name: "no-circle",
      comment: "Modules that need each other are one module, or need a third.",
      severity,
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    includeOnly: ours,
    exclude: "^test/fixtures/",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js", ".cjs", ".mjs", ".json"] },
  },
};
