import { useEffect, useMemo } from "preact/hooks";
import { bringToLife, planTitle, PlanView } from "../../plan/report/view";
import type { Plan } from "../../plan/types";
import type { PlanAnswer } from "../views";
import { onMove, readSetting, writeSetting } from "./address";
import { CommandLine, Commands, Notice, Title, When } from "./parts";
import { snapshot } from "./snapshot";
import { useView } from "./store";

/** What the working tree changes, in every cluster that the tree knows. */
export function PlanPage() {
  const { data, error, reload } = useView<PlanAnswer>("/plan", []);
  const title = data?.plan === undefined ? "What the working tree changes" : planTitle(data.plan);
  return (
    <>
      <Title name={title}>{title}</Title>
      {error !== undefined && <Notice tone="medium">{error}</Notice>}
      <Planned answer={data} reload={reload} />
      <Commands commands={[{ what: "as a page of its own", line: "onebranch plan --html plan.html" }]} json="/plan" />
    </>
  );
}

/** A plan with when it was made, or why there is none; it takes some seconds. */
export function Planned({ answer, reload }: { answer: PlanAnswer | undefined; reload: () => void }) {
  if (answer === undefined) return <p role="status">Computing the plan…</p>;
  const { at, command, plan, note } = answer;
  return (
    <>
      <p class="muted">
        <CommandLine line={command} />
        <span>
          computed <When at={at} />
        </span>
        {snapshot === undefined && (
          <button type="button" class="small" onClick={reload}>
            Compute it again
          </button>
        )}
      </p>
      {note !== undefined && <Notice tone="medium">{note}</Notice>}
      {plan !== undefined && <LivePlan key={at} plan={plan} />}
    </>
  );
}

/** The view of a plan is drawn once: its script changes what is drawn. */
function LivePlan({ plan }: { plan: Plan }) {
  // An address of a file already uses what stands behind #.
  const address = { read: readSetting, write: writeSetting, onMove };
  useEffect(() => bringToLife({ anchors: snapshot === undefined, address }), []);
  return useMemo(() => <PlanView plan={plan} />, [plan]);
}
