import { useEffect, useMemo, useState } from "preact/hooks";
import { Figures, Legend } from "../../../page/parts";
import { stepName } from "../../../tree/step";
import { states } from "../views";
import { applicationPath, clusterPath, recentPath, useSetting } from "./address";
import { Grid } from "./grid";
import { Commands, Filters, Link, StateBadge, Title, When } from "./parts";
import { HappeningTable } from "./recent";
import { columnsOf, rowsOf, troublesOf, type Row, type Trouble } from "./selection";
import type { Cluster, Model } from "./store";
import { count, figuresOf, isTrouble, shownStates } from "./words";

/** It knows stacks alone, and no cluster of a kubeconfig. */
const status = { what: "what every cluster has synced", line: "onebranch status" };

/** All clusters and components, trouble first. */
export function FleetPage({ model }: { model: Model }) {
  const [text, setText] = useSetting("text");
  const [stage, setStage] = useSetting("stage");
  const [region, setRegion] = useSetting("region");
  const [only, setOnly] = useSetting("only");
  const [sort, setSort] = useSetting("sort", "trouble");
  const [group, setGroup] = useSetting("group", "stage");
  const [cells, setCells] = useSetting("cells", "state");

  const all = [...model.clusters.values()];
  const rows = useMemo(
    () => rowsOf(model.clusters.values(), { text, stage, region, troubleOnly: only === "trouble", sort }),
    [model.clusters, text, stage, region, only, sort],
  );
  const columns = useMemo(() => columnsOf(rows, sort), [rows, sort]);
  const regions = [...new Set(all.map((cluster) => cluster.region))].sort();
  const drawn = useAtFirst(rows);
  const shown = rows.reduce((sum, row) => sum + row.cells.size, 0);
  return (
    <>
      <Title name={summary(all)}>{summary(all)}</Title>
      <Figures
        figures={[
          [all.filter(isLost).length, "not reached", "high"],
          [all.filter(isConnecting).length, "connecting", "change"],
          ...figuresOf(all.flatMap(({ cells }) => [...cells.values()])),
          [all.length, all.length === 1 ? "cluster" : "clusters", "quiet"],
        ]}
      />
      <Filters text={text} set={setText} placeholder="cluster, component, version, message">
        <Choice name="Stage" value={stage} set={setStage} options={[["", "all"], ...model.stages.map(same)]} />
        <Choice name="Region" value={region} set={setRegion} options={[["", "all"], ...regions.map(same)]} />
        <Choice
          name="Group by"
          value={group}
          set={setGroup}
          options={["stage", "ring", "region", "nothing"].map(same)}
        />
        <Choice name="Sort by" value={sort} set={setSort} options={["trouble", "name"].map(same)} />
        <Choice name="Show" value={cells} set={setCells} options={["state", "version"].map(same)} />
        <label class="check">
          <input
            type="checkbox"
            checked={only === "trouble"}
            onChange={(event) => setOnly(event.currentTarget.checked ? "trouble" : "")}
          />{" "}
          only trouble
        </label>
        <span class="muted" role="status">
          {count(rows.length, "cluster")}, {count(shown, "Application")} shown
        </span>
      </Filters>
      <Troubles rows={rows} />
      <section aria-labelledby="grid">
        <h2 id="grid">Clusters and components</h2>
        {rows.length === 0 && <p>Nothing matches.</p>}
        {groupsOf(drawn, group, model).map(([name, members]) => (
          <div key={name} class="group">
            {group !== "nothing" && (
              <h3>
                {name || "no " + group} <span class="muted">{count(members.length, "cluster")}</span>
              </h3>
            )}
            <Grid
              name={`Clusters of ${name || "the fleet"}`}
              rows={members}
              columns={columns}
              versions={cells === "version"}
            />
          </div>
        ))}
        <Legend entries={states.map((state) => shownStates[state])} />
      </section>
      <section aria-labelledby="lately">
        <h2 id="lately">Lately</h2>
        <HappeningTable happenings={model.recent.slice(0, 6)} />
        <p>
          <Link to={recentPath}>All that happened lately</Link>
        </p>
      </section>
      <Commands commands={all.some(({ isStack }) => isStack) ? [status] : []} json="/fleet" />
    </>
  );
}

/** As many rows as fit on a screen. */
const screen = 40;
let isDrawn = false;

/** When the page opens, a screen of rows is drawn before the others: of a large fleet they take longer than all the rest. */
function useAtFirst(rows: readonly Row[]): readonly Row[] {
  const [all, setAll] = useState(isDrawn);
  useEffect(() => {
    isDrawn = true;
    // After what is there has been painted.
    requestAnimationFrame(() => setTimeout(() => setAll(true)));
  }, []);
  return all ? rows : rows.slice(0, screen);
}

const same = (value: string): [string, string] => [value, value];

interface ChoiceProps {
  name: string;
  value: string;
  set: (value: string) => void;
  options: readonly [value: string, words: string][];
}

function Choice({ name, value, set, options }: ChoiceProps) {
  return (
    <label>
      {name}{" "}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

const isLost = ({ link }: Cluster) => link.state === "unreachable";
const isConnecting = ({ link }: Cluster) => link.state === "connecting";

function summary(clusters: readonly Cluster[]): string {
  const lost = clusters.filter(isLost).length;
  const connecting = clusters.filter(isConnecting).length;
  const cells = clusters.flatMap((cluster) => [...cluster.cells.values()]);
  const trouble = cells.filter(({ state }) => isTrouble(state)).length;
  const parts = [
    ...(lost > 0 ? [`${count(lost, "cluster")} not reached`] : []),
    ...(connecting > 0 ? [`${count(connecting, "cluster")} connecting`] : []),
    ...(trouble > 0 ? [`${trouble} of ${count(cells.length, "Application")} not in order`] : []),
  ];
  return parts.length > 0 ? parts.join(", ") : `All ${count(cells.length, "Application")} in sync and healthy`;
}

const fewTroubles = 12;
const fewClusters = 6;

function Troubles({ rows }: { rows: readonly Row[] }) {
  const [everything, setEverything] = useState(false);
  const lost = rows.filter(({ cluster }) => isLost(cluster));
  const troubles = useMemo(() => troublesOf(rows), [rows]);
  if (lost.length + troubles.length === 0) return null;
  const shown = everything ? troubles : troubles.slice(0, fewTroubles);
  return (
    <section aria-labelledby="trouble">
      <h2 id="trouble">Trouble</h2>
      <ul class="troubles">
        {lost.map(({ cluster: { name, link } }) => (
          <li key={name}>
            <span class="badge high">not reached</span> <Link to={clusterPath(name)}>{name}</Link> has been out of reach
            for <When at={link.since} suffix="" />: {link.why}
          </li>
        ))}
        {shown.map((trouble) => (
          <TroubleItem key={`${trouble.cell.name} ${trouble.clusters[0]}`} trouble={trouble} />
        ))}
      </ul>
      {troubles.length > shown.length && (
        <button type="button" onClick={() => setEverything(true)}>
          Show all {troubles.length}
        </button>
      )}
    </section>
  );
}

function TroubleItem({ trouble: { cell, clusters } }: { trouble: Trouble }) {
  const named = clusters.slice(0, fewClusters);
  return (
    <li>
      <StateBadge state={cell.state} /> <b>{cell.name}</b> in{" "}
      {named.map((cluster, index) => (
        <span key={cluster}>
          {index > 0 && ", "}
          <Link to={applicationPath(cluster, cell.name)}>{cluster}</Link>
        </span>
      ))}
      {clusters.length > named.length && ` and ${clusters.length - named.length} more`}
      {cell.message !== "" && <>: {cell.message}</>}
    </li>
  );
}

/** Clusters of one stage, ring or region, in the order of the stages and their rings. */
function groupsOf(rows: readonly Row[], group: string, { stages, rings }: Model): [string, Row[]][] {
  if (group === "nothing") return rows.length === 0 ? [] : [["", [...rows]]];
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const { region, stage, ring } = row.cluster;
    const name = group === "region" ? region : group === "ring" && ring !== "" ? stepName({ stage, ring }) : stage;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const order =
    group === "region"
      ? []
      : stages.flatMap((stage) => [stage, ...(rings[stage] ?? []).map((ring) => stepName({ stage, ring }))]);
  return [...groups].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b) || (a < b ? -1 : 1));
}
