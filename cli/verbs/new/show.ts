import { Directory } from "../../../model/directory";
import { todayOf } from "../../../model/exception";
import { isDnsLabel, isReleaseName, labelRule, maxReleaseLength, toDnsLabel } from "../../../model/names";
import { parseArguments } from "../../args";
import type { Context, Input } from "../../command";
import { finishEarlierEdit } from "../../tree/edit";
import { usageError, unknownName } from "../../terminal/fail";
import { Changes } from "./changes";
import { newCluster, newStage } from "./cluster";
import { newAddon, newApp } from "./component";
import { newException } from "./exception";
import { newTeam } from "./team";
import { optionsOf, type NewKind } from "./options";

/** Writes the files of something new and checks the tree; returns what the check returns. */
export async function create(input: Input, context: Context): Promise<number> {
  const [kind, name] = input.operands as [string, string];
  const root = context.root();
  if (!Object.hasOwn(optionsOf, kind)) throw unknownName("kind", kind, Object.keys(optionsOf));
  refuseOtherOptions(kind as NewKind, input);
  refuseName(kind as NewKind, name);
  finishEarlierEdit(root, context.io.err);
  const tree = new Directory(root);
  const changes = new Changes(tree);
  const parts = { tree, name, input, changes };
  switch (kind as NewKind) {
    case "app":
      newApp(parts);
      break;
    case "addon":
      newAddon(parts);
      break;
    case "team":
      newTeam(parts);
      break;
    case "cluster":
      newCluster(parts);
      break;
    case "stage":
      newStage(parts);
      break;
    case "exception":
      newException({ ...parts, today: todayOf() });
  }
  const dry = input.flag("dry-run");
  if (!dry) changes.write();
  return report(input, context, changes, dry);
}

async function report(input: Input, context: Context, changes: Changes, dry: boolean): Promise<number> {
  const { io } = context;
  const json = input.flag("json");
  if (!json) {
    for (const { path, text, kind } of changes.files) {
      if (dry) io.out(`--- ${path} (${kind === "new" ? "new" : "changed"})\n${text}`);
      else io.out(`${kind === "new" ? "wrote" : "changed"} ${path}\n`);
    }
  }
  let found = "";
  const quiet = { ...context, io: { ...io, out: (text: string) => void (found += text), err: io.err } };
  const code = dry ? 0 : await check(quiet, json);
  if (json) {
    const files = changes.files.map(({ path, kind, text }) => ({ path, kind, ...(dry && { text }) }));
    io.out(
      `${JSON.stringify({ written: !dry, files, findings: dry ? [] : (JSON.parse(found) as unknown) }, undefined, 2)}\n`,
    );
  } else if (found !== "") io.out(`\n${found}`);
  return code;
}

/** As `onebranch check --offline` does. */
function check(context: Context, json: boolean): Promise<number> {
  const verb = context.commands.check!();
  return verb.run(parseArguments("check", verb, ["--offline", ...(json ? ["--json"] : [])]), context);
}

function refuseName(kind: NewKind, name: string): void {
  const release = kind === "app" || kind === "addon";
  if (release ? isReleaseName(name) : isDnsLabel(name)) return;
  const rule = release ? labelRule.replace(/\d+ characters/, `${maxReleaseLength} characters`) : labelRule;
  const near = toDnsLabel(name, release ? maxReleaseLength : undefined);
  throw usageError(
    `"${name}" is not a name for ${kind === "app" || kind === "addon" ? "a component" : `a ${kind}`}; use ${rule}${near === undefined ? "" : `, such as ${near}`}`,
  );
}

/** Refuses an option that belongs to another kind, because it would be ignored. */
function refuseOtherOptions(kind: NewKind, input: Input): void {
  const all = new Set(Object.values(optionsOf).flat());
  for (const option of all) {
    if (!input.flag(option) || optionsOf[kind].includes(option)) continue;
    throw usageError(
      `onebranch new ${kind} has no option --${option}; it takes ${optionsOf[kind].map((name) => `--${name}`).join(", ")}`,
    );
  }
}
