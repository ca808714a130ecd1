/**
 * The schedules of sync windows, as Argo CD reads them: five fields, names of months and days, steps, and a day that fits when
 * either of its fields does, unless one of them is a star. The values of a field are in ascending order. Times are on a clock
 * without a time zone, in milliseconds as of UTC.
 */
export interface Cron {
  minute: ReadonlySet<number>;
  hour: ReadonlySet<number>;
  day: ReadonlySet<number>;
  month: ReadonlySet<number>;
  weekday: ReadonlySet<number>;
  /** Whether the day of the month, or that of the week, is a star: then both have to fit. */
  anyDay: boolean;
}

interface Field {
  name: string;
  min: number;
  max: number;
  /** Names of the values, from the first one on. */
  names?: readonly string[];
}

const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  {
    ...{ name: "month", min: 1, max: 12 },
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  {
    ...{ name: "day of the week (0 is Sunday)", min: 0, max: 6 },
    names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
  },
];

/** Reads a schedule; a text says what is wrong with it. */
export function readCron(text: string): Cron | string {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length) return "write five cron fields such as 0 18 24 12 *";
  const read = fields.map((field, index) => readField(parts[index]!, field));
  const fault = read.find((one) => typeof one === "string");
  if (fault !== undefined) return fault;
  const [minute, hour, day, month, weekday] = read as Values[];
  const cron: Cron = {
    ...{ minute: minute!.values, hour: hour!.values, day: day!.values, month: month!.values },
    ...{ weekday: weekday!.values, anyDay: day!.star || weekday!.star },
  };
  return nextTime(cron, 0) === undefined ? "name a day that there is in every few years" : cron;
}

interface Values {
  values: Set<number>;
  star: boolean;
}

function readField(text: string, field: Field): Values | string {
  const { name, min, max } = field;
  const values = new Set<number>();
  let star = false;
  for (const part of text.split(",")) {
    const [, range = "", by] = /^([^/]*)(?:\/(\d+))?$/.exec(part) ?? [];
    const [first = "", last, ...more] = range.split("-");
    const isStar = (first === "*" || first === "?") && last === undefined;
    const from = isStar ? min : valueOf(first, field);
    const to = isStar ? max : last === undefined ? (by === undefined ? from : max) : valueOf(last, field);
    const step = by === undefined ? 1 : Number(by);
    const fits = more.length === 0 && from !== undefined && to !== undefined && step > 0;
    if (!fits || from < min || to > max || from > to) {
      return `write the ${name} as numbers from ${min} to ${max}, ranges or steps such as ${min}-${max}/2; found "${part}"`;
    }
    star ||= isStar && step === 1;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return { values: new Set([...values].sort((a, b) => a - b)), star };
}

function valueOf(text: string, { min, names = [] }: Field): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const place = names.indexOf(text.toLowerCase());
  return place < 0 ? undefined : min + place;
}

const minuteLength = 60_000;
const dayLength = 24 * 60 * minuteLength;
/** Argo CD looks no further ahead. */
const horizon = 5 * 366;

/** The first time of a schedule after another time; undefined when there is none within five years. */
export function nextTime(cron: Cron, after: number): number | undefined {
  const start = Math.floor(after / minuteLength) * minuteLength + minuteLength;
  const firstDay = Math.floor(start / dayLength) * dayLength;
  for (let day = firstDay; day <= firstDay + horizon * dayLength; day += dayLength) {
    if (!isDay(cron, new Date(day))) continue;
    for (const hour of cron.hour) {
      for (const minute of cron.minute) {
        const time = day + (hour * 60 + minute) * minuteLength;
        if (time >= start) return time;
      }
    }
  }
  return undefined;
}

/** The last time of a schedule before another time; undefined when there is none within five years. */
export function lastTime(cron: Cron, before: number): number | undefined {
  const [hours, minutes] = [[...cron.hour].reverse(), [...cron.minute].reverse()];
  const lastDay = Math.floor(before / dayLength) * dayLength;
  for (let day = lastDay; day >= lastDay - horizon * dayLength; day -= dayLength) {
    if (!isDay(cron, new Date(day))) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const time = day + (hour * 60 + minute) * minuteLength;
        if (time < before) return time;
      }
    }
  }
  return undefined;
}

function isDay({ month, day, weekday, anyDay }: Cron, date: Date): boolean {
  if (!month.has(date.getUTCMonth() + 1)) return false;
  const [ofMonth, ofWeek] = [day.has(date.getUTCDate()), weekday.has(date.getUTCDay())];
  return anyDay ? ofMonth && ofWeek : ofMonth || ofWeek;
}
