/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { stringify } from "yaml";
import { count } from "../../../../terminal/table";
import { fieldLines } from "../../text-diff";
import type { PlanField } from "../../types";

/** How many lines of one value or manifest are shown before the rest is only counted. */
const mostLines = 400;

/** What differs in one object. */
export function Diff(props: { title: string; tone: string; source?: string | undefined; children: ComponentChildren }) {
  const { title, tone, source, children } = props;
  return (
    <section class="diff">
      <h3 class={tone}>
        <DiffTitle title={title} source={source} />
      </h3>
      {children}
    </section>
  );
}

export function DiffTitle({ title, source }: { title: string; source?: string | undefined }) {
  return (
    <>
      <b>{title}</b>
      {source !== undefined && (
        <>
          {" "}
          <span class="source">{source}</span>
        </>
      )}
    </>
  );
}

/** One field, before and after. */
export function Field({ field }: { field: PlanField }) {
  return (
    <div class="field">
      <code class="path">{field.path}</code>
      <Lines lines={fieldLines(field)} />
    </div>
  );
}

/** A whole manifest that appears or vanishes. */
export function Manifest({ manifest, sign }: { manifest: object | undefined; sign: "+" | "-" }) {
  if (manifest === undefined) return null;
  const lines = stringify(manifest, { lineWidth: 0 }).trimEnd().split("\n");
  return (
    <div class="field">
      <Lines lines={lines.map((text) => ({ sign, text }))} />
    </div>
  );
}

function Lines({ lines }: { lines: readonly { sign: string; text: string }[] }) {
  return (
    <>
      <pre>
        {lines.slice(0, mostLines).map(({ sign, text }, index) => {
          const Tag = sign === "+" ? "ins" : sign === "-" ? "del" : "span";
          return <Tag key={index}>{`${sign === "-" ? "−" : sign} ${text}\n`}</Tag>;
        })}
      </pre>
      {lines.length > mostLines && <p class="muted">and {count(lines.length - mostLines, "more line")}</p>}
    </>
  );
}
