// A time as people here write and say it ("21h30", "tối qua 9 rưỡi", "24/11 21:30", "10 phút trước"), made UTC seconds.

import { fromLocal, plain, toLocal, type Local } from "./clock";

interface Day {
  year: number;
  month: number;
  day: number;
}

type Part = "morning" | "noon" | "afternoon" | "evening" | "night";

/** What has been understood so far; `rest` is what has not. */
interface Read {
  rest: string;
  day: Day | null;
  part: Part | null;
}

const NUMBERS: Record<string, number> = {
  mot: 1, hai: 2, ba: 3, bon: 4, nam: 5, sau: 6, bay: 7, tam: 8, chin: 9, muoi: 10, "muoi mot": 11, "muoi hai": 12,
};
const SPOKEN = new RegExp(`\\b(muoi mot|muoi hai|${Object.keys(NUMBERS).slice(0, 10).join("|")})(?=\\s+(?:gio|ruoi|kem|tieng|phut|ngay)\\b)`, "g");
const FILLERS = /\b(?:luc|khoang|tam|hoi|vao|at|around|about)\s+(?=\d)/g;

const PARTS: [RegExp, Part][] = [
  [/\b(?:rang sang|sang som|sang|morning)\b/, "morning"],
  [/\b(?:trua|noon)\b/, "noon"],
  [/\b(?:chieu|afternoon|pm)\b/, "afternoon"],
  [/\b(?:toi|evening)\b/, "evening"],
  [/\b(?:nua dem|dem|khuya|night)\b/, "night"],
];
const USUAL_HOUR: Record<Part, number> = { morning: 7, noon: 12, afternoon: 15, evening: 20, night: 23 };

const NAMED_DAYS: [RegExp, number][] = [
  [/\b(?:hom kia|day before yesterday)\b/, 2],
  [/\b(?:hom qua|yesterday)\b/, 1],
  [/\b(?:hom nay|today)\b/, 0],
];
const WEEKDAYS: [RegExp, number][] = [
  [/\b(?:chu nhat|cn|sunday)\b/, 0], [/\b(?:thu (?:hai|2)|monday)\b/, 1], [/\b(?:thu (?:ba|3)|tuesday)\b/, 2], [/\b(?:thu (?:tu|4)|wednesday)\b/, 3],
  [/\b(?:thu (?:nam|5)|thursday)\b/, 4], [/\b(?:thu (?:sau|6)|friday)\b/, 5], [/\b(?:thu (?:bay|7)|saturday)\b/, 6],
];

const UNITS_S: [RegExp, number][] = [
  [/^(?:giay|s|sec(?:ond)?s?)$/, 1], [/^(?:phut|p|min(?:ute)?s?)$/, 60], [/^(?:tieng|gio|h|hours?)$/, 3600], [/^(?:ngay|days?)$/, 86_400], [/^(?:tuan|weeks?)$/, 604_800],
];

function dayBefore(now: Local, days: number): Day {
  const date = new Date(Date.UTC(now.year, now.month - 1, now.day - days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** "10 phút trước", "cách đây nửa tiếng", "1 tiếng rưỡi trước": seconds before now, or null. */
function agoS(text: string): number | null {
  const found = /^(cach day\s+)?(\d{1,4}|nua)\s*([a-z]+)(\s+ruoi)?(\s+(?:truoc|ago))?$/.exec(text);
  if (!found || (found[1] === undefined && found[5] === undefined)) return null;
  const unit = UNITS_S.find(([pattern]) => pattern.test(found[3]!))?.[1];
  if (unit === undefined) return null;
  return ((found[2] === "nua" ? 0.5 : Number(found[2])) + (found[4] === undefined ? 0 : 0.5)) * unit;
}

function take(read: Read, pattern: RegExp): RegExpExecArray | null {
  const found = pattern.exec(read.rest);
  if (found) read.rest = read.rest.replace(found[0], " ");
  return found;
}

/** "tối qua", "sáng nay", "đêm hôm kia", "last night": the part of the day, and the day where it is named with it. */
function takePart(read: Read, now: Local): void {
  if (take(read, /\blast night\b/)) {
    read.part = "night";
    read.day = dayBefore(now, 1);
    return;
  }
  if (take(read, /\btonight\b/)) {
    read.part = "evening";
    read.day = dayBefore(now, 0);
    return;
  }
  for (const [pattern, part] of PARTS) {
    const found = take(read, new RegExp(`${pattern.source}(\\s+(?:nay|qua))?(?!\\w)`));
    if (!found) continue;
    read.part = part;
    if (found[1]) read.day = dayBefore(now, found[1].trim() === "qua" ? 1 : 0);
    return;
  }
}

function takeWeekday(read: Read, now: Local): void {
  for (const [pattern, weekday] of WEEKDAYS) {
    const found = take(read, new RegExp(`${pattern.source}(\\s+(?:tuan truoc|tuan nay))?(?!\\w)`));
    if (!found) continue;
    const today = new Date(Date.UTC(now.year, now.month - 1, now.day)).getUTCDay();
    const sinceMonday = (day: number): number => (day + 6) % 7; // the week begins on Monday here
    const week = found[1]?.trim();
    const back = week === "tuan truoc" ? sinceMonday(today) - sinceMonday(weekday) + 7 : (today - weekday + 7) % 7;
    read.day = dayBefore(now, back);
    return;
  }
}

/** A date in figures or "ngày 24 tháng 11"; false for one that the calendar does not have. */
function takeDate(read: Read, now: Local): boolean {
  const found = take(read, /\b(?:ngay\s+)?(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?\b/) ?? take(read, /\bngay\s+(\d{1,2})(?:\s+thang\s+(\d{1,2})(?:\s+nam\s+(\d{4}))?)?\b/);
  if (!found) return true;
  let year = found[3] === undefined ? now.year : Number(found[3]) + (found[3].length === 2 ? 2000 : 0);
  let month = found[2] === undefined ? now.month : Number(found[2]);
  const day = Number(found[1]);
  if (found[2] === undefined && day > now.day) [year, month] = now.month === 1 ? [year - 1, 12] : [year, month - 1];
  const check = new Date(Date.UTC(year, month - 1, day));
  read.day = { year, month, day };
  return year >= 2000 && check.getUTCMonth() + 1 === month && check.getUTCDate() === day;
}

interface Clock {
  hour: number;
  minute: number;
  second: number;
}

/** "21:30:15", "9 giờ 30 phút", "9 rưỡi", "9h kém 15"; a bare "9" only where the part of the day is told. */
function readClock(text: string, bare: boolean): Clock | null {
  const kem = /^(\d{1,2})\s*(?:h|g|gio)?\s*kem\s*(\d{1,2})(?:\s*(?:p|phut))?$/.exec(text);
  if (kem) return { hour: (Number(kem[1]) + 23) % 24, minute: 60 - Number(kem[2]), second: 0 };
  const half = /^(\d{1,2})\s*(?:h|g|gio)?\s*ruoi$/.exec(text);
  if (half) return { hour: Number(half[1]), minute: 30, second: 0 };
  const full = /^(\d{1,2})\s*(?:[:hg]|gio)\s*(\d{1,2})?(?:\s*(?:[:mp]|phut)\s*(\d{1,2})?(?:\s*(?:s|giay))?)?$/.exec(text);
  if (full) return { hour: Number(full[1]), minute: Number(full[2] ?? 0), second: Number(full[3] ?? 0) };
  return bare && /^\d{1,2}$/.test(text) ? { hour: Number(text), minute: 0, second: 0 } : null;
}

/** The hour on a clock of 24, and whether it falls on the day after the one that is named ("đêm qua 2h" is this morning). */
function onTheDay(hour: number, part: Part | null): { hour: number; nextDay: boolean } {
  if (part === "night" && hour === 12) return { hour: 0, nextDay: true };
  if (part === "night" && hour < 6) return { hour, nextDay: true };
  if (part === "morning" && hour === 12) return { hour: 0, nextDay: false };
  const later = part === "afternoon" || part === "evening" || part === "night" || (part === "noon" && hour < 6);
  return { hour: later && hour < 12 ? hour + 12 : hour, nextDay: false };
}

/** UTC seconds of what somebody typed, or null. A time without its day that is still to come today means yesterday:
 * people here look back. */
export function parseTyped(typed: string, nowUtcS: number, zone: string): number | null {
  const text = plain(typed.slice(0, 100)).replace(/[,;]/g, " ").replace(/\s+/g, " ").trim().replace(SPOKEN, (word) => String(NUMBERS[word]));
  const isNow = typed.normalize("NFC").trim().toLowerCase() === "bây giờ"; // without its accents it says seven o'clock
  if (isNow || /^(?:hien tai|now)$/.test(text)) return nowUtcS;
  const ago = agoS(text);
  if (ago !== null) return nowUtcS - ago;
  const now = toLocal(nowUtcS, zone);
  const read: Read = { rest: text.replace(FILLERS, ""), day: null, part: null };
  takeWeekday(read, now);
  for (const [pattern, back] of NAMED_DAYS) if (!read.day && take(read, pattern)) read.day = dayBefore(now, back);
  takePart(read, now);
  if (!read.day && !takeDate(read, now)) return null;
  if (take(read, /\bam\b/)) read.part = "morning";
  const rest = read.rest.replace(/\b(?:luc|of|in the|on)\b/g, " ").replace(/\s+/g, " ").trim();
  if (rest === "" && !read.day && !read.part) return null;
  const clock = rest === "" ? { hour: read.part ? USUAL_HOUR[read.part] : 0, minute: 0, second: 0 } : readClock(rest, read.part !== null);
  if (clock === null || clock.hour > 23 || clock.minute > 59 || clock.minute < 0 || clock.second > 59) return null;
  return moment(read, clock, now, nowUtcS, zone);
}

function moment(read: Read, clock: Clock, now: Local, nowUtcS: number, zone: string): number {
  const { hour, nextDay } = onTheDay(clock.hour, read.part);
  const day = read.day ?? dayBefore(now, 0);
  const shifted = nextDay && read.day !== null ? dayBefore({ ...now, ...day }, -1) : day;
  const found = fromLocal({ ...shifted, ...clock, hour }, zone);
  return read.day === null && found > nowUtcS ? fromLocal(toLocal(found - 86_400, zone), zone) : found;
}
