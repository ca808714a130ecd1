import type { Attempt } from "./attempt";
import type { Shows } from "./request";
import { attempts } from "./table";

const sections: [title: string, text: string, how: Attempt["how"][]][] = [
  [
    "Commits",
    "Somebody pushes it to the branch that the clusters follow. `check` and `plan` are what a pull request with it shows; the cluster is what happens when it is pushed anyway. While it is there, no other object of the cluster is deleted or made again. After the revert each object is there as before, with its uid.",
    ["commit"],
  ],
  ["Requests to the API server", "Sent to the API server of dev; nothing is stored.", ["request"]],
  ["The machine and running clusters", "Tried on a running cluster and taken back.", ["machine"]],
  [
    "The tool in a checkout of somebody else",
    "Every verb that reads is run on it: no program of it starts, nothing is written, nothing outside is read, and no secret is printed.",
    ["tool"],
  ],
];

/** The reference page of the attempts; a test fails when it has to be written again. */
export function attacksPage(): string {
  return [
    "<!-- Generated from test/e2e/attacks/table by `make docs`; do not edit. -->",
    "",
    "# Attacks",
    "",
    `\`make attacks\` replays these ${attempts.length} attempts on embedded clusters, and \`make e2e\` a part of them. [Security](../security.md) says what each`,
    "mechanism is for. Attempts with a letter are relatives of the one with the number. A row that is not held says so, with the reason.",
    "",
    ...sections.flatMap(([title, text, hows]) => {
      const rows = attempts.filter(({ how }) => hows.includes(how));
      return [`## ${title}`, "", text, "", ...table(rows), ""];
    }),
  ].join("\n");
}

function table(rows: readonly Attempt[]): string[] {
  const header = rows[0]!.how === "commit" ? ["check", "plan", "cluster"] : ["outcome"];
  const lines = rows.map((row) => [row.id, row.title, row.who, ...outcomes(row)]);
  const all = [["#", "attempt", "by", ...header], Array(3 + header.length).fill("---") as string[], ...lines];
  return all.map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`,
  );
}

function outcomes(row: Attempt): string[] {
  const notes = [
    row.said,
    ...Object.entries(row.open ?? {}).map(([part, reason]) => `not held yet (${part}): ${reason}`),
  ];
  const with_ = (text: string) => [text, ...notes.filter((note) => note !== undefined)].join("; ");
  if (row.how === "commit") {
    const { check, plan, cluster } = row;
    return [code(check) || "nothing", code(plan), with_(cluster ? inCluster(cluster) : "not tried")];
  }
  if (row.how === "request") return [with_(refusedBy(row.stop))];
  if (row.how === "machine") return [with_(row.right)];
  return [with_("nothing runs")];
}

function inCluster({
  stop,
  at,
  shows = [],
  in: where = "dev",
}: NonNullable<Extract<Attempt, { how: "commit" }>["cluster"]>): string {
  const place = where === "dev" ? "" : `${where}: `;
  return [`${place}${refusedBy(stop)}${at ? ` (${at})` : ""}`, ...shows.map(shown)].join("; ");
}

function refusedBy(stop: string): string {
  return stop === "nothing" ? "not refused" : `refused: ${stop}`;
}

function shown({ object, field, is }: Shows): string {
  if (is === null) return `no ${field ? `${field} in ` : ""}${object}`;
  const value = typeof is === "string" ? ` is ${is}` : is ? " is not what it asks for" : " stays";
  return `${object}${field ? ` ${field.replaceAll("\\", "")}` : ""}${value}`;
}

function code(words: readonly string[]): string {
  return words.map((word) => (/^[a-z-]+$/.test(word) ? `\`${word}\`` : word)).join(", ");
}
