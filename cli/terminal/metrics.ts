/** One measured thing. */
export interface Metric {
  name: string;
  help: string;
  samples: readonly { labels?: Readonly<Record<string, string>>; value: number }[];
}

/** Metrics in the text format of Prometheus, as a textfile collector and a Pushgateway take it. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics
    .map(
      ({ name, help, samples }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${samples.map((one) => line(name, one)).join("")}`,
    )
    .join("");
}

function line(name: string, { labels = {}, value }: Metric["samples"][number]): string {
  const escaped = (text: string) => text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

/** Seconds since 1970, as Prometheus counts time. */
export const seconds = (time: Date | number) => Math.floor(Number(time) / 1000);
