import type { ValueOrigin, ValuesView } from "../views";
import { useSetting } from "./address";
import { Filters, Notice, Table } from "./parts";
import { useView } from "./store";
import { wordsOf } from "./words";

/** Why each value is what it is, as the working tree has it. */
export function Values({ cluster, name, revision }: { cluster: string; name: string; revision: string }) {
  const [text, setText] = useSetting("values");
  const { data, error } = useView<ValuesView>(`/clusters/${cluster}/applications/${name}/values`, [revision]);
  const words = wordsOf(text);
  const shown = (data?.values ?? []).filter(({ key, file, value }) => {
    const line = `${key} ${file} ${shownValue(value)}`.toLowerCase();
    return words.every((word) => line.includes(word));
  });
  return (
    <section aria-labelledby="values">
      <h2 id="values">Why each value is what it is</h2>
      {error !== undefined && <p class="muted">{error}</p>}
      {data === undefined && error === undefined && <p role="status">Reading the working tree…</p>}
      {data?.missing !== undefined && <p class="muted">{data.missing}</p>}
      {data !== undefined && data.missing === undefined && (
        <>
          <p class="muted">Of the working tree: chart {data.chart}.</p>
          {data.notes.map((note) => (
            <Notice key={note} tone="medium">
              {note}
            </Notice>
          ))}
          <Filters text={text} set={setText} placeholder="key, file, value">
            <span class="muted" role="status">
              {shown.length} of {data.values.length}
            </span>
          </Filters>
          <Table name="Values" heads={["Key", "Value", "Set by", "Layer", "Instead of"]}>
            {shown.map(({ key, value, file, line, layer, overrides }) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                <td class="text">
                  <code>{shownValue(value)}</code>
                </td>
                <td>
                  <code>{placeOf({ file, line })}</code>
                </td>
                <td>{layer}</td>
                <td class="text">
                  {overrides.map((origin, index) => (
                    <div key={index}>
                      <code>{shownValue(origin.value)}</code> <span class="muted">of {placeOf(origin)}</span>
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </section>
  );
}

const placeOf = ({ file, line }: Pick<ValueOrigin, "file" | "line">) => (line > 0 ? `${file}:${line}` : file);

function shownValue(value: unknown): string {
  const text = value === undefined ? "" : (JSON.stringify(value) ?? "");
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
