/** @jsxRuntime automatic @jsxImportSource preact */
import { Figures } from "../../../../page/parts";
import type { Plan } from "../../types";
import { unknownLists } from "../facts";
import { shortRevision } from "../words";
import { ChangeCard } from "./card";
import { stagesOf } from "./marks";
import { Matrix } from "./matrix";

/**
 * Everything of a plan below its heading, in a page of its own and in the page of the fleet. It has no state: script.js brings
 * it to life, and without a script it can be read.
 */
export function PlanView({ plan }: { plan: Plan }) {
  return (
    <div class="plan">
      <p class="revisions">
        From <code>{shortRevision(plan.base)}</code> to <code>{shortRevision(plan.head)}</code>
      </p>
      <Figures figures={figuresOf(plan)} />
      {plan.changes.length > 0 && <Filters plan={plan} />}
      <Matrix plan={plan} />
      <section id="changes" aria-label="Changes" tabIndex={-1}>
        {plan.changes.map((change, index) => (
          <ChangeCard key={index} change={change} index={index} plan={plan} />
        ))}
        <p id="none" class="muted" hidden>
          No change matches.{" "}
          <button type="button" id="clear">
            Show all
          </button>
        </p>
      </section>
      {/* What is not known is never left out. */}
      {unknownLists(plan).map(({ title, tone, items }) => (
        <section key={title} class={`unknowns ${tone}`}>
          <h2>{title}</h2>
          <ul>
            {items.map(({ what, where, reason }, index) => (
              <li key={index}>
                <b>{what}</b>
                {where}: {reason}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function figuresOf({ changes, failed, notEvaluated }: Plan): [number, string, string][] {
  const kind = (wanted: string) => changes.filter(({ change }) => change === wanted).length;
  const dangers = changes.flatMap((change) => change.dangers);
  const high = dangers.filter(({ level }) => level === "high").length;
  const other = dangers.length - high;
  return [
    [high, high === 1 ? "high danger" : "high dangers", "high"],
    [other, other === 1 ? "other danger" : "other dangers", "medium"],
    [kind("add"), "added", "add"],
    [kind("change"), "changed", "change"],
    [kind("remove"), "removed", "remove"],
    [failed.length, "failing", "high"],
    [notEvaluated.length, "not evaluated", "medium"],
  ];
}

function Filters({ plan }: { plan: Plan }) {
  return (
    <form id="filters" class="filters" role="search">
      <label>
        Filter <input type="search" id="text" placeholder="component, cluster, kind, file" autocomplete="off" />
      </label>
      <label>
        Stage{" "}
        <select id="stage">
          <option value="">all</option>
          {stagesOf(plan.clusters).map((stage) => (
            <option key={stage}>{stage}</option>
          ))}
        </select>
      </label>
      <label class="check">
        <input type="checkbox" id="dangerous" /> only with dangers
      </label>
      <span id="shown" role="status" class="muted" />
    </form>
  );
}
