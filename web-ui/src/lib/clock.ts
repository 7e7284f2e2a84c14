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

/** Without accents and in lower case, so that it may be typed either way. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase().trim();
}
