/** @jsxRuntime automatic @jsxImportSource preact */
import { Legend, Scroll } from "../../../../page/parts";
import { stageWords } from "../../cluster-words";
import type { Plan } from "../../types";
import { columnsOf, markedComponents, stagesOf, type Column, type Mark } from "./marks";

/** Up to this number of clusters, each has its own column from the start. */
const alone = 30;

const legend = [
  { sign: "+", tone: "add", words: "added" },
  { sign: "~", tone: "change", words: "changed" },
  { sign: "−", tone: "remove", words: "removed" },
  { sign: "!", tone: "high", words: "high danger" },
  { sign: "x", tone: "high", words: "refused" },
  { sign: "?", tone: "medium", words: "fails or not evaluated" },
];

/**
 * Clusters across, components down; every mark leads to its change. Of a large fleet clusters with the same marks share
 * a column until the reader asks for every cluster; the page's script then takes the columns apart. Without changes
 * there is no matrix.
 */
export function Matrix({ plan }: { plan: Plan }) {
  if (plan.changes.length === 0) return null;
  const components = markedComponents(plan);
  const shared = plan.clusters.length > alone;
  const columns = columnsOf(plan, components, shared);
  return (
    <section class="matrix" aria-label="Clusters and components">
      <Scroll name="Matrix, scrolls sideways">
        <table>
          <thead>
            <tr>
              <td />
              {stagesOf(plan.clusters).map((stage) => (
                <th
                  key={stage}
                  scope="colgroup"
                  colSpan={columns.filter((column) => column.stage === stage).length}
                  class="stage"
                >
                  {stage}
                </th>
              ))}
            </tr>
            <tr>
              <td />
              {columns.map((column) => (
                <Head key={column.clusters[0]} column={column} plan={plan} />
              ))}
            </tr>
          </thead>
          <tbody>
            {components.map((component, row) => (
              <tr key={component}>
                <th scope="row">{component}</th>
                {columns.map((column) => (
                  <Cell
                    key={column.clusters[0]}
                    mark={column.marks[row]}
                    place={`${component} in ${stageWords(column.clusters, plan.clusters)}`}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Legend entries={legend}>
        {shared && (
          <span class="toggle">
            Clusters with the same marks share a column.{" "}
            <button type="button" id="every" aria-pressed="false">
              Every cluster ({plan.clusters.length})
            </button>
          </span>
        )}
      </Legend>
    </section>
  );
}

function Head({ column, plan }: { column: Column; plan: Plan }) {
  const { clusters, stage } = column;
  return (
    <th
      scope="col"
      class="cluster"
      data-clusters={clusters.join(" ")}
      data-stage={stage}
      data-where={stageWords(clusters, plan.clusters)}
      title={clusters.length === 1 ? undefined : clusters.join(", ")}
    >
      <span>{shortName(column, plan)}</span>
    </th>
  );
}

/** The column's name: a cluster, or how many of a stage or a ring. */
function shortName({ clusters, stage, ring }: Column, plan: Plan): string {
  if (clusters.length === 1) return clusters[0]!;
  const all = plan.clusters.filter((cluster) => cluster.stage === stage && cluster.ring === ring).length;
  const of = ring === undefined ? "" : `${ring}: `;
  return clusters.length === all ? `${of}all ${all}` : `${of}${clusters.length} of ${all}`;
}

function Cell({ mark, place }: { mark: Mark | undefined; place: string }) {
  if (mark === undefined) return <td />;
  const { tone, sign, what, change } = mark;
  if (change === undefined) {
    return (
      <td class={tone} title={what}>
        {sign}
      </td>
    );
  }
  return (
    <td class={tone}>
      <a href={`#c${change}`} aria-label={`${place}: ${what}`}>
        {sign}
      </a>
    </td>
  );
}
