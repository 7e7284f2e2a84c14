// Times as people here write and read them, in the commune's zone, whatever the browser's own is set to.

const parts = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let found = parts.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    parts.set(zone, found);
  }
  return found;
}

export interface Local {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

export function toLocal(utcS: number, zone: string): Local {
  const found: Record<string, number> = {};
  for (const part of formatter(zone).formatToParts(new Date(utcS * 1000))) found[part.type] = Number(part.value);
  return { year: found.year!, month: found.month!, day: found.day!, hour: found.hour!, minute: found.minute!, second: found.second! };
}

function asUtcS(local: Local): number {
  return Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second) / 1000;
}

/** UTC seconds of a local time. In an hour that a change of the clocks doubles, the first; in one it skips, the next. */
export function fromLocal(local: Local, zone: string): number {
  const wanted = asUtcS(local);
  let guess = wanted;
  for (let i = 0; i < 2; i += 1) guess = wanted - (asUtcS(toLocal(guess, zone)) - Math.floor(guess));
  return guess;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** 24/11/2026 */
export function showDate(utcS: number, zone: string): string {
  const local = toLocal(utcS, zone);
  return `${two(local.day)}/${two(local.month)}/${local.year}`;
}

/** 14:05:09 */
export function showTime(utcS: number, zone: string, seconds = true): string {
  const local = toLocal(utcS, zone);
  return `${two(local.hour)}:${two(local.minute)}${seconds ? `:${two(local.second)}` : ""}`;
}

export function showMoment(utcS: number, zone: string): string {
  return `${showDate(utcS, zone)} ${showTime(utcS, zone)}`;
}

/** 1:02:03 or 2:03 */
export function showLength(lengthS: number): string {
  const whole = Math.round(lengthS);
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

const DAY_WORDS: [RegExp, number][] = [
  [/\b(hom kia|day before yesterday)\b/, 2],
  [/\b(hom qua|toi qua|sang qua|trua qua|chieu qua|dem qua|yesterday|last night)\b/, 1],
  [/\b(hom nay|toi nay|sang nay|trua nay|chieu nay|today|tonight)\b/, 0],
];

/** Without accents and in lower case, so that it may be typed either way. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase().trim();
}

interface Day {
  year: number;
  month: number;
  day: number;
}

function dayOf(text: string, now: Local): { day: Day | null; rest: string } | null {
  for (const [pattern, back] of DAY_WORDS) {
    if (pattern.test(text)) {
      const date = new Date(Date.UTC(now.year, now.month - 1, now.day - back));
      return { day: { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }, rest: text.replace(pattern, " ") };
    }
  }
  const typed = /\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?\b/.exec(text);
  if (!typed) return { day: null, rest: text };
  const year = typed[3] === undefined ? now.year : Number(typed[3]) + (typed[3].length === 2 ? 2000 : 0);
  const day = { year, month: Number(typed[2]), day: Number(typed[1]) };
  const check = new Date(Date.UTC(day.year, day.month - 1, day.day));
  if (check.getUTCMonth() + 1 !== day.month || check.getUTCDate() !== day.day) return null;
  return { day, rest: text.replace(typed[0], " ") };
}

/** UTC seconds of what somebody typed ("21h30", "21:30 hôm qua", "24/11/2026 21:30:15"), or null. A bare time that is
 * still to come today means yesterday: people here look back. */
export function parseTyped(typed: string, nowUtcS: number, zone: string): number | null {
  const now = toLocal(nowUtcS, zone);
  const found = dayOf(plain(typed), now);
  if (found === null) return null;
  const clock = /^\s*(?:luc\s+)?(\d{1,2})\s*(?:[:hg]|gio)\s*(\d{1,2})?(?:\s*(?:[:mp]|phut)\s*(\d{1,2})?)?\s*$/.exec(found.rest);
  if (!clock && !(found.day && /^[\s,]*$/.test(found.rest))) return null;
  const [hour, minute, second] = [Number(clock?.[1] ?? 0), Number(clock?.[2] ?? 0), Number(clock?.[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const day = found.day ?? { year: now.year, month: now.month, day: now.day };
  const moment = fromLocal({ ...day, hour, minute, second }, zone);
  return found.day === null && moment > nowUtcS ? fromLocal(toLocal(moment - 86_400, zone), zone) : moment;
}
