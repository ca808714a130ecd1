import { YamlFile } from "../../../model/document";
import { Directory } from "../../../model/directory";
import { UserError } from "../../../model/errors";
import type { Image } from "../../../model/pin";
import type { Context } from "../../command";
import { unknownName, usageError } from "../../terminal/fail";
import { editFiles, finishEarlierEdit } from "../../tree/edit";
import { readPins, type PinFile, type PinnedComponent } from "../../tree/pins";
import { lineAt } from "../../tree/values/yaml";
import { withEntryInstead } from "../../tree/yaml-edit";
import { dockerLogins } from "./logins";
import { digestOf, type Resolved } from "./registry";

export interface Wanted {
  /** Without names: every component. */
  components: readonly string[];
  stage?: string | undefined;
  dryRun: boolean;
  json: boolean;
}

/** A pin whose image has a tag and no digest. */
interface Open {
  component: string;
  path: string;
  text: string;
  image: Image & { repository: string; tag: string };
}

/**
 * Writes into each pin, in the place of its image's tag, the digest that the tag stands for now: all of them or none. The tag stays
 * as a comment.
 * @throws UserError when a name is wrong, or a registry does not give a digest; every reason is in it
 */
export async function resolvePins(wanted: Wanted, context: Context): Promise<number> {
  const { io } = context;
  const root = context.root();
  finishEarlierEdit(root, (text) => io.err(text));
  const open = openPins(root, wanted);
  const login = dockerLogins(io.env);
  const images = new Map(open.map(({ image }) => [nameOf(image), image]));
  const asked = [...images].map(
    async ([name, { repository, tag }]) => [name, await digestOf(repository, tag, { login })] as const,
  );
  const answers: ReadonlyMap<string, Resolved> = new Map(await Promise.all(asked));
  const findings = open.flatMap(({ path, text, image }) => {
    const answer = answers.get(nameOf(image))!;
    if ("digest" in answer) return [];
    const line = lineAt(new YamlFile(path, text), ["image", "tag"]) ?? 1;
    return [`${path}:${line}: ${answer.fault}; ${answer.fix}`];
  });
  if (findings.length > 0) throw new UserError([...findings, "nothing was written"].join("\n"));
  const written = open.map(({ component, path, text, image }) => {
    const { digest } = answers.get(nameOf(image)) as { digest: string };
    return {
      component,
      path,
      image: nameOf(image),
      digest,
      text: withEntryInstead(path, text, ["image", "tag"], "digest", digest),
    };
  });
  if (!wanted.dryRun)
    editFiles(
      root,
      written.map(({ path, text }) => ({ path, text })),
    );
  if (wanted.json) {
    io.out(
      `${JSON.stringify(
        written.map(({ text: _, ...facts }) => facts),
        undefined,
        2,
      )}\n`,
    );
    return 0;
  }
  const verb = wanted.dryRun ? "would write" : "wrote";
  io.out(
    written.length === 0
      ? "every image of these pins has a digest\n"
      : written.map(({ path, image, digest }) => `${verb} ${path}: ${image} is ${digest}\n`).join(""),
  );
  return 0;
}

const nameOf = ({ repository, tag }: Open["image"]) => `${repository}:${tag}`;

function openPins(root: string, { components: names, stage }: Wanted): Open[] {
  const { components, stages } = readPins(new Directory(root));
  const known = components.map(({ name }) => name);
  for (const name of names) if (!known.includes(name)) throw unknownName("component", name, known);
  if (stage !== undefined && !stages.includes(stage)) throw unknownName("stage", stage, stages);
  const chosen = components.filter(({ name }) => names.length === 0 || names.includes(name));
  const found = chosen.flatMap((component) =>
    filesOf(component, stage).map((file) => ({ component: component.name, file })),
  );
  const faults = found.flatMap(({ file }) => file.findings);
  if (faults.length > 0) throw UserError.of(faults);
  const open = found.flatMap(({ component, file: { path, text, pin } }): Open[] => {
    const { repository, tag, digest } = pin?.image ?? {};
    if (tag === undefined || digest !== undefined) return [];
    return [{ component, path, text, image: { repository: repository ?? "", tag } }];
  });
  const nowhere = open.filter(({ image }) => image.repository === "");
  if (nowhere.length === 0) return open;
  throw usageError(
    `${nowhere.map(({ path }) => path).join(", ")}: the pin has a tag and no repository, so nobody can be asked; add image.repository`,
  );
}

/** The pins of a stage and its rings; without one, those of all stages and single clusters. */
function filesOf(
  { pins, rings, own }: PinnedComponent,
  stage: string | undefined,
): Pick<PinFile, "path" | "text" | "findings" | "pin">[] {
  const inStage = (name: string) => stage === undefined || name === stage;
  return [
    ...[...pins].flatMap(([name, file]) => (inStage(name) ? file : [])),
    ...[...rings].flatMap(([name, of]) => (inStage(name) ? [...of.values()].flatMap(({ pin }) => pin ?? []) : [])),
    ...(stage === undefined ? ([...own.values()] as Pick<PinFile, "path" | "text" | "findings" | "pin">[]) : []),
  ];
}
