import { isMapping } from "../../../../model/mapping";
import type { ExpandedApplication } from "../../../tree/renderer";
import type { CheckInput } from "../input";

/** A text that is this short stands in others by accident. */
const telling = 4;

/** What the tree sets for one Application, to tell a secret of the tree from what a third-party chart has by default. */
export class TreeTexts {
  private readonly texts: string[] = [];

  constructor({ files, inventory }: CheckInput, { application, valueFiles }: ExpandedApplication) {
    for (const { path, exists } of valueFiles) {
      if (!exists || !files.has(path)) continue;
      // A file with a fault does not render.
      this.addAll(files.yaml(path).findings.length > 0 ? undefined : inventory.valuesOf(path));
    }
    const { source, sources = [] } = application.spec;
    for (const { helm } of source ? [source] : sources) {
      for (const { value } of helm?.parameters ?? []) this.addAll(value);
      this.addAll(helm?.valuesObject);
    }
  }

  /** Whether a text is, holds or is a part of something that the tree sets, as it is or in base64. */
  has(text: string): boolean {
    const wanted = text.trim();
    return this.texts.some(
      (own) =>
        own === wanted ||
        (own.length >= telling && wanted.includes(own)) ||
        (wanted.length >= telling && own.includes(wanted)),
    );
  }

  private addAll(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) this.addAll(item);
    else if (isMapping(value)) for (const item of Object.values(value)) this.addAll(item);
    // A chart writes the lines of a text with another indentation.
    else if (typeof value === "string") for (const line of value.split("\n")) this.add(line);
    else if (typeof value === "number") this.add(String(value));
  }

  private add(line: string): void {
    const text = line.trim();
    if (text === "") return;
    this.texts.push(text, Buffer.from(text).toString("base64").replace(/=+$/, ""));
  }
}

/** Whether an Application is made of a chart from a chart repository, whose templates and defaults are not the tree's. */
export function isThirdParty({ application: { spec } }: ExpandedApplication): boolean {
  return (spec.source ? [spec.source] : (spec.sources ?? [])).some(({ chart }) => chart !== undefined);
}
