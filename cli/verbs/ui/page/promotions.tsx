import type { PlanAnswer } from "../views";
import { useSetting } from "./address";
import { Notice } from "./parts";
import { Planned } from "./plan";
import { useView } from "./store";

/** What the next promotion of a component would change: the plan, when somebody asks for it. */
export function Promotions({ component, targets }: { component: string; targets: readonly string[] }) {
  const [stage, setStage] = useSetting("promote");
  if (targets.length === 0) return null;
  return (
    <section aria-labelledby="promotion">
      <h2 id="promotion">What the next promotion would change</h2>
      <p class="choices">
        {targets.map((target) => (
          <button
            key={target}
            type="button"
            aria-pressed={stage === target}
            onClick={() => setStage(stage === target ? "" : target)}
          >
            To {target}
          </button>
        ))}
      </p>
      {targets.includes(stage) && <Promotion key={stage} component={component} stage={stage} />}
    </section>
  );
}

function Promotion({ component, stage }: { component: string; stage: string }) {
  const { data, error, reload } = useView<PlanAnswer>(`/components/${component}/promotions/${stage}`, []);
  if (error !== undefined && data === undefined) return <Notice tone="medium">{error}</Notice>;
  return <Planned answer={data} reload={reload} />;
}
